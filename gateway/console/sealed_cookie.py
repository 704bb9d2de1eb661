"""Cookies that hold a few texts encrypted: opened with the keys of this gateway only, and under the name they have."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gateway.console.desk import Desk
from gateway.console.sessions import set_cookie
from schemas.errors import Misconfigured, Tampered

_LONGEST = 3800
"""Characters; browsers keep 4,096 bytes of a cookie with its name and attributes (RFC 6265, section 6.1)."""


@dataclass(frozen=True, slots=True)
class SealedCookie:
    """A cookie of this name, for addresses under `path`, that lives so many seconds."""

    cookie: str
    path: str
    seconds: int

    def keep(self, desk: Desk, response: Response, name: str, facts: Mapping[str, str]) -> bool:
        """Put the facts into the browser; False when they are too long for a cookie, and so are not kept."""
        sealed, key = desk.vault.seal_secrets(name, facts)
        value = f"{key}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"
        if len(value) > _LONGEST:
            return False
        set_cookie(desk, response, self.cookie, value, self.seconds, self.path)
        return True

    def opened(self, desk: Desk, request: Request, name: str) -> dict[str, str]:
        """The facts that were kept under this name; none where there are none, or none that can be opened."""
        key, _, packed = request.cookies.get(self.cookie, "").rpartition(".")
        try:
            sealed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
            return desk.vault.open_secrets(name, sealed, key)
        except (ValueError, Misconfigured, Tampered):
            return {}

    def forget(self, desk: Desk, response: Response) -> None:
        """Take it out of the browser."""
        set_cookie(desk, response, self.cookie, "", 0, self.path)
