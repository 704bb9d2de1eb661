"""Keeps a provider's ID token in the browser, encrypted, for the one moment in which somebody signs out there too.

With it (`id_token_hint`, OpenID Connect RP-Initiated Logout 1.0, section 2) the provider knows whose session ends and
asks nobody whether they mean it. It lies in no table; the cookie goes to the address of signing out alone, opens with
the keys of this gateway only, and only for the session that it came with.
"""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from gateway.console.desk import BASE, Desk
from gateway.console.sealed_cookie import SealedCookie
from gateway.console.sessions import WHOLE

HINT_COOKIE = "sp4n_console_hint"
_HINT = SealedCookie(HINT_COOKIE, f"{BASE}/sign-out", int(WHOLE.total_seconds()))


def keep_hint(desk: Desk, response: Response, session: UUID, token: str) -> None:
    """Put it into the browser that a session began in; one that is too long for a cookie is not kept."""
    _HINT.keep(desk, response, _name(session), {"id_token": token})


def hint_of(desk: Desk, request: Request, session: UUID) -> str | None:
    """The token that came with this session; None where there is none, or none that can be opened."""
    return _HINT.opened(desk, request, _name(session)).get("id_token")


def forget_hint(desk: Desk, response: Response) -> None:
    """Take it out of the browser."""
    _HINT.forget(desk, response)


def _name(session: UUID) -> str:
    return f"sign-out hint {session}"
