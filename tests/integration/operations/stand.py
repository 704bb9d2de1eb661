"""The addresses of operations over a ledger, asked by somebody of each role with a key of their own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx

from gateway.api.app import build_api
from gateway.api.state import Ops
from gateway.config import Config
from gateway.keyring import make_key_ring
from gateway.ledger import Ledger
from gateway.ledger.user_keys import add_user_key
from gateway.ledger.users import UserRow, add_user
from gateway.metrics import Metrics
from gateway.operations.checking import Checker
from gateway.roles import Role
from gateway.route import Rules
from gateway.user_access import make_user_key
from gateway.vault import Vault

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class StandingClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """The one moment."""
        return NOW

    def monotonic(self) -> float:
        """The same in seconds."""
        return NOW.timestamp()


@dataclass
class Stand:
    """The face, and the ledger behind it."""

    ledger: Ledger
    api: httpx.AsyncClient
    checker: Checker

    async def key(self, role: Role, name: str | None = None) -> str:
        """A key of a new user with this role."""
        name = name or role.value
        await self.ledger.write(add_user, UserRow(name, role, "no password", NOW, NOW), "uji")
        row, key = make_user_key(name, os.urandom(40), NOW)
        await self.ledger.write(add_user_key, row, "uji")
        return key

    async def post(self, path: str, key: str | None, **fields: Any) -> httpx.Response:
        """Ask for something to be done."""
        return await self.api.post(path, headers=bearer(key), json=fields)

    async def get(self, path: str, key: str | None, **query: Any) -> httpx.Response:
        """Ask with a key."""
        return await self.api.get(path, headers=bearer(key), params=query)


def bearer(key: str | None) -> dict[str, str]:
    """The header that carries a key."""
    return {"authorization": f"Bearer {key}"} if key else {}


def make_stand(ledger: Ledger) -> Stand:
    """A face of which only operations are asked for."""
    ring, clock = make_key_ring(os.urandom), StandingClock()
    checker = Checker(ledger, ring, clock)
    config = Config({}, Rules(rules=(), default=("sp4n",), version="uji", directory=()))
    ops = Ops(Vault(ring), ring, config, clock, {}, checker)
    face = cast("Any", SimpleNamespace(ledger=ledger, ops=ops, metrics=Metrics()))
    transport = httpx.ASGITransport(app=build_api(face), raise_app_exceptions=False)
    return Stand(ledger, httpx.AsyncClient(transport=transport, base_url="http://gateway"), checker)
