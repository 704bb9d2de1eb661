"""What `doctor` finds about the sign-in provider of the console."""

from __future__ import annotations

from gateway.cli.examined import Examined, Grade
from gateway.clock import SystemClock
from gateway.oidc.wiring import provider_of
from gateway.settings import Settings
from schemas.errors import GatewayError

_PART = "sign-in provider"


async def examine_provider(settings: Settings) -> list[Examined]:
    """Whether the provider, where there is one, says what it is and by which keys it signs."""
    try:
        provider = provider_of(settings, SystemClock())
        if provider is None:
            return []
        try:
            told = await provider.examine()
        finally:
            await provider.aclose()
    except GatewayError as error:
        found = error.detail or type(error).__name__
        passwords = settings.password_sign_in
        mend = "until then people sign in with passwords only" if passwords else "until then nobody can sign in"
        return [Examined(_PART, Grade.CARE if passwords else Grade.ILL, found, f"mend it, or ask who runs it; {mend}")]
    note = "" if settings.password_sign_in else "; passwords are switched off"
    return [Examined(_PART, Grade.WELL, told + note)]
