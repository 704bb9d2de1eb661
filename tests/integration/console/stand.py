"""A console without a network: a ledger, a signed-in browser for each role, and no real destination."""

from __future__ import annotations

import asyncio
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from adapters.channels import CHANNELS
from gateway.access_book import AccessBook
from gateway.clock import Clock
from gateway.config import Config
from gateway.console.app import build_console
from gateway.console.desk import BASE, Desk
from gateway.console.remembered import Remembered
from gateway.console.sessions import COOKIE, csrf_of
from gateway.enrol import Enrolment
from gateway.keyring import make_key_ring
from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.sessions import SessionRow, open_session
from gateway.ledger.users import UserRow, add_user
from gateway.operations.checking import Checker
from gateway.passwords import hash_password
from gateway.review import Reviewing
from gateway.roles import Role
from gateway.route import Rules
from gateway.storage import Folder, Storage
from gateway.vault import Vault
from schemas.ids import new_id

PASSWORD = "kuda laut hijau muda"


class StandingClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time that was set."""
        return self.at

    def monotonic(self) -> float:
        """The same in seconds."""
        return self.at.timestamp()


@dataclass
class Stand:
    """The console, and what it works with."""

    desk: Desk
    app: Starlette
    clock: StandingClock

    def browser(self, **cookies: str) -> httpx.AsyncClient:
        """A browser that follows nothing by itself."""
        transport = httpx.ASGITransport(app=_mounted(self.app), client=("10.0.0.7", 4711))
        return httpx.AsyncClient(transport=transport, base_url="http://console", cookies=cookies)

    async def signed_in(self, role: Role, session: str = "") -> httpx.AsyncClient:
        """A browser in which this role is signed in; forms carry `csrf`. `session` names one more of theirs."""
        name, token, now = role.value, f"token of {role.value}{session}", self.clock.now()
        if not session:
            await self.desk.ledger.write(add_user, UserRow(name, role, "no password", now, now), "uji")
        digest = hashlib.sha256(token.encode()).digest()
        row = SessionRow(new_id(now), digest, name, now, now, "10.0.0.7", "uji")
        await self.desk.ledger.write(open_session, row)
        browser = self.browser(**{COOKIE: token})
        browser.headers["x-csrf"] = csrf_of(token)
        return browser

    async def add_person(self, name: str, role: Role = Role.VIEWER) -> None:
        """Somebody who signs in with PASSWORD."""
        now = self.clock.now()
        await self.desk.ledger.write(add_user, UserRow(name, role, hash_password(PASSWORD), now, now), "uji")


async def post(browser: httpx.AsyncClient, path: str, **fields: Any) -> httpx.Response:
    """Send a form with the token that this browser's pages carry."""
    return await browser.post(f"{BASE}{path}", data={"csrf": browser.headers.get("x-csrf", ""), **fields})


def make_stand(ledger: Ledger, folder: Path, clock: StandingClock | None = None) -> Stand:
    """A console on this ledger."""
    clock = clock or StandingClock()
    ring = make_key_ring(os.urandom)
    vault = Vault(ring)
    rules = Rules(rules=(), default=("sp4n",), version="uji", directory=())
    desk = Desk(
        ledger=ledger,
        vault=vault,
        ring=ring,
        config=Config({}, rules),
        clock=_as_clock(clock),
        access=AccessBook(ledger, vault, clock),
        enrolment=Enrolment(vault, Storage(Folder(folder)), rules, clock.now),
        reviewing=Reviewing(ledger, vault, rules, {}, clock),
        channels=CHANNELS,
        destinations={},
        secure=False,
        leaving=asyncio.Event(),
        books=Remembered(lambda: ledger.read(balance), 0.0, clock.monotonic),
        checker=Checker(ledger, ring, clock),
    )
    return Stand(desk, build_console(desk), clock)


def _as_clock(clock: StandingClock) -> Clock:
    return clock


def _mounted(console: Starlette) -> Starlette:
    app = Starlette()
    app.mount(BASE, console)
    return app
