"""What is done to a ledger that was just opened, before anything works with it, and whether it can be worked with."""

from __future__ import annotations

from datetime import datetime

from gateway.config import Config
from gateway.ledger import Ledger
from gateway.ledger.destinations import list_destinations, pause
from gateway.settings import Settings
from schemas.errors import LedgerUnavailable, Misconfigured


async def bring_up_to_date(ledger: Ledger, settings: Settings) -> None:
    """Embedded ledgers migrate by themselves; others are migrated by whoever runs the installation: Misconfigured."""
    if settings.is_embedded:
        await ledger.migrate()
    if (problem := await ledger.unfit()) is not None:
        raise Misconfigured(problem)


async def pause_new(ledger: Ledger, config: Config, now: datetime) -> None:
    """Pause the destinations that the configuration wants to start paused; what operations decided later stays."""
    known = {row.name for row in await ledger.read(list_destinations)}
    for name, entry in config.destinations.items():
        if entry.paused and name not in known:
            await ledger.write(pause, name, "configuration", "paused: true in the configuration", now)


async def problem_of(ledger: Ledger) -> str | None:
    """Why a ledger cannot be worked with now; None: it can."""
    try:
        return await ledger.unfit()
    except LedgerUnavailable as error:
        return error.detail
