"""Where a command works: its settings, and the ledger, opened for it and closed after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from gateway.cli.asked import actor
from gateway.keyring import KeyRing, load_key_ring
from gateway.ledger import Ledger
from gateway.settings import Settings, load_settings
from gateway.vault import Vault
from schemas.errors import Misconfigured

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with. `actor` and `now` stand in the record of what it does."""

    settings: Settings
    ledger: Ledger
    actor: str
    now: datetime

    def ring(self) -> KeyRing:
        """The keys of this installation. Raises Misconfigured."""
        return load_key_ring(self.settings.keys_path)

    def vault(self) -> Vault:
        """The vault of this installation. Raises Misconfigured."""
        return Vault(self.ring())


def at_desk(work: Callable[[Desk], Awaitable[T]]) -> T:
    """Do the work of a command with its ledger open. Raises Misconfigured or LedgerUnavailable."""
    return asyncio.run(_work(work))


@asynccontextmanager
async def ledger_of(settings: Settings) -> AsyncIterator[Ledger]:
    """The ledger that the settings name, with a schema that this version knows. Raises Misconfigured."""
    ledger = await Ledger.open(settings.ledger_url)
    try:
        there, wanted = await ledger.schema_version(), ledger.head_version()
        if there != wanted and settings.is_embedded:
            await ledger.migrate()
        elif there != wanted:
            raise Misconfigured(
                f"the ledger's schema is {there or 'missing'}, this version needs {wanted}: run `sp4n-gateway migrate`"
            )
        yield ledger
    finally:
        await ledger.close()


async def _work(work: Callable[[Desk], Awaitable[T]]) -> T:
    settings = load_settings()
    async with ledger_of(settings) as ledger:
        return await work(Desk(settings, ledger, actor(), datetime.now(UTC)))
