"""A console beside an OpenID Connect provider, and a browser between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import httpx

from gateway.console.app import build_console
from gateway.console.desk import BASE
from gateway.ledger.actions import list_actions
from gateway.oidc.wiring import provider_of
from gateway.settings import Settings
from tests.fakes.oidc import CLIENT, SECRET, Desk
from tests.integration.console.stand import Stand

PUBLIC = "http://console"
SETTINGS: dict[str, Any] = {
    "oidc_client_id": CLIENT,
    "oidc_client_secret": SECRET,
    "oidc_roles": "kepala=admin, operasi=operator, lihat=viewer",
    "public_url": PUBLIC,
}


@dataclass
class Scene:
    """A console beside a provider."""

    stand: Stand
    there: Desk
    browser: httpx.AsyncClient

    async def depart(self, **query: str) -> httpx.Response:
        """Press the button that leads to the provider."""
        return await self.browser.get(f"{BASE}/sign-in/provider", params=query)

    async def answered(self, departure: httpx.Response) -> str:
        """Where the provider sends the browser back to."""
        async with httpx.AsyncClient() as outside:
            return (await outside.get(departure.headers["location"])).headers["location"]

    async def enter(self, **query: str) -> httpx.Response:
        """Go there, and come back."""
        return await self.browser.get(await self.answered(await self.depart(**query)))

    async def recorded(self) -> list[tuple[str, str, object]]:
        """What was recorded of signing in, newest first: subject, action, reason."""
        actions = await self.stand.desk.ledger.read(list_actions)
        return [
            (one.subject, one.action, one.detail.get("reason", one.detail.get("by")))
            for one in actions
            if one.action.startswith("sign_in")
        ]


async def scene_of(stand: Stand, there: Desk, **settings: Any) -> Scene:
    """The console with this provider."""
    there.now = stand.clock.now
    given = Settings(oidc_issuer=there.issuer, **{**SETTINGS, **settings})
    desk = replace(stand.desk, provider=provider_of(given, stand.desk.clock), passwords=given.password_sign_in)
    made = Stand(desk, build_console(desk), stand.clock)
    return Scene(made, there, made.browser())


def problem_of(answer: httpx.Response) -> str:
    """What the page says went wrong."""
    found = re.search(r'role="alert">([^<]+)<', answer.text)
    assert found is not None, answer.text
    return found[1]
