"""What the console works with: values and functions, wired once at start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.contract import Channel, Destination
from gateway.access_book import AccessBook
from gateway.clock import Clock
from gateway.config import Config
from gateway.console.remembered import Remembered
from gateway.enrol import Enrolment
from gateway.keyring import KeyRing
from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.users import has_users
from gateway.ledger.values import BalanceRow
from gateway.oidc.provider import Provider
from gateway.operations.checking import Checker
from gateway.review import Reviewing
from gateway.vault import Vault

BASE = "/console"
"""Where the console is mounted."""
_BOOKS_SECONDS = 10.0


@dataclass(frozen=True)
class Desk:
    """Everything that a page may use. `leaving` is set when the process is told to stop: streams end then.

    `turned_away` counts what this process refused, by channel and reason. `books` are costly on millions of handoffs,
    and at most ten seconds old.
    `hashing` bounds the passwords that are checked at once: each takes 64 MiB. `provider`: who says who people are
    beside or, without `passwords`, in place of the passwords kept here.
    """

    ledger: Ledger
    vault: Vault
    ring: KeyRing
    config: Config
    clock: Clock
    access: AccessBook
    enrolment: Enrolment
    reviewing: Reviewing
    channels: Mapping[str, Channel]
    destinations: Mapping[str, Destination]
    secure: bool
    leaving: asyncio.Event
    books: Remembered[list[BalanceRow]]
    checker: Checker
    turned_away: Callable[[], Mapping[tuple[str, str], int]] = dict
    provider: Provider | None = None
    passwords: bool = True
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def close(self) -> None:
        """End what is under way in its name."""
        await self.checker.close()
        if self.provider is not None:
            await self.provider.aclose()


async def is_open(desk: Desk) -> bool:
    """Whether anybody could sign in at all."""
    return desk.provider is not None or await desk.ledger.read(has_users)


def desk_of(**parts: Any) -> Desk:
    """The desk of these parts, with the books it remembers."""
    ledger, clock = parts["ledger"], parts["clock"]
    books = Remembered(lambda: ledger.read(balance), _BOOKS_SECONDS, clock.monotonic)
    return Desk(**parts, books=books)
