"""Where a command works: its settings, and the ledger, opened for it and closed after it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from gateway.cli.asked import actor
from gateway.keyring import KeyRing, load_key_ring, make_key_ring, save_key_ring
from gateway.ledger import Ledger
from gateway.ledger.health import server_time
from gateway.settings import Settings, load_settings
from gateway.vault import Vault
from schemas.errors import Misconfigured

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with. `actor` and `now`, which is the ledger's, stand in the record of what it does."""

    settings: Settings
    ledger: Ledger
    actor: str
    now: datetime

    def ring(self) -> KeyRing:
        """The keys of this installation. Raises Misconfigured."""
        return load_key_ring(self.settings.keys_path)

    def vault(self) -> Vault:
        """The vault of this installation; a trial without keys gets its own here. Raises Misconfigured."""
        path = self.settings.keys_path
        if not path.exists() and not self.settings.is_production:
            path.parent.mkdir(parents=True, exist_ok=True)
            save_key_ring(make_key_ring(os.urandom), path)
        return Vault(self.ring())


def at_desk(work: Callable[[Desk], Awaitable[T]], *, begin: bool = False) -> T:
    """Do the work of a command with its ledger open; `begin` makes an embedded one that is not there.

    Raises Misconfigured or LedgerUnavailable.
    """
    return asyncio.run(_work(work, begin=begin))


@asynccontextmanager
async def ledger_of(settings: Settings, *, begin: bool = False) -> AsyncIterator[Ledger]:
    """The ledger that the settings name, with a schema that this version knows. Raises Misconfigured."""
    _require_file(settings, begin=begin)
    ledger = await Ledger.open(settings.ledger_url)
    try:
        if settings.is_embedded:
            await ledger.migrate()
        if (problem := await ledger.unfit()) is not None:
            raise Misconfigured(problem)
        yield ledger
    finally:
        await ledger.close()


def _require_file(settings: Settings, *, begin: bool) -> None:
    """An embedded ledger that is not there is a wrong folder, unless the command is one to begin with."""
    path = Path(settings.ledger_url.removeprefix("sqlite:///"))
    if not settings.is_embedded or path.exists():
        return
    if not begin:
        raise Misconfigured(
            f"there is no ledger at {path}: start the gateway first (`sp4n-gateway serve`), or name its folder "
            "with SP4N_GATEWAY_DATA_DIR or --config"
        )
    path.parent.mkdir(parents=True, exist_ok=True)


async def _work(work: Callable[[Desk], Awaitable[T]], *, begin: bool) -> T:
    settings = load_settings()
    async with ledger_of(settings, begin=begin) as ledger:
        return await work(Desk(settings, ledger, actor(), await ledger.read(server_time)))
