"""Keeps a provider's ID token in the browser, encrypted, for the one moment in which somebody signs out there too.

With it (`id_token_hint`, OpenID Connect RP-Initiated Logout 1.0, section 2) the provider knows whose session ends and
asks nobody whether they mean it. It lies in no table; the cookie goes to the address of signing out alone, opens with
the keys of this gateway only, and only for the session that it came with.
"""

from __future__ import annotations

import base64
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.console.desk import BASE, Desk
from gateway.console.sessions import WHOLE, set_cookie
from schemas.errors import Misconfigured, Tampered

HINT_COOKIE = "sp4n_console_hint"
_PATH = f"{BASE}/sign-out"
_LONGEST = 3800
"""Characters; browsers keep 4,096 bytes of a cookie with its name and attributes (RFC 6265, section 6.1)."""


def keep_hint(desk: Desk, response: Response, session: UUID, token: str) -> None:
    """Put it into the browser that a session began in; one that is too long for a cookie is not kept."""
    sealed, key = desk.vault.seal_secrets(_name(session), {"id_token": token})
    value = f"{key}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"
    if len(value) <= _LONGEST:
        set_cookie(desk, response, HINT_COOKIE, value, int(WHOLE.total_seconds()), _PATH)


def hint_of(desk: Desk, request: Request, session: UUID) -> str | None:
    """The token that came with this session; None where there is none, or none that can be opened."""
    key, _, packed = request.cookies.get(HINT_COOKIE, "").rpartition(".")
    try:
        sealed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return desk.vault.open_secrets(_name(session), sealed, key).get("id_token")
    except (ValueError, Misconfigured, Tampered):
        return None


def forget_hint(desk: Desk, response: Response) -> None:
    """Take it out of the browser."""
    set_cookie(desk, response, HINT_COOKIE, "", 0, _PATH)


def _name(session: UUID) -> str:
    return f"sign-out hint {session}"
