"""Remembers outside the ledger how far it had come, and holds everything when it finds an older one in its place."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

import structlog

from gateway.clock import Clock
from gateway.durable import sync
from gateway.ledger import Ledger
from gateway.ledger.tides import held_since, hold_everything, strangers, tide_of
from gateway.settings import Settings
from gateway.tidemark import Mark, decoded, encoded, mark_of, went_back
from schemas.ids import moment_of

log = structlog.get_logger("gateway.history")

EVERY = 5.0
"""Seconds between two looks."""
MEND = "run `sp4n-gateway restored`: it says that the ledger was put back, and lets everything go on"


class History:
    """What this folder of data remembers of its ledger. Several processes may remember in the same one."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        destinations: Iterable[str],
        clock: Clock,
        heard: Callable[[], Sequence[UUID]] = tuple,
    ) -> None:
        self._path = settings.data_dir / "ledger.seen.json"
        self._address = address_of(settings.ledger_url)
        self._ledger = ledger
        self._destinations = tuple(destinations)
        self._clock = clock
        self._heard = heard
        self._hint: str | None = None

    async def look(self) -> None:
        """Compare, and remember; or hold everything and say why. Raises LedgerUnavailable."""
        mark = await asyncio.to_thread(self._remembered)
        tide = await self._ledger.read(tide_of, mark)
        why = went_back(mark, tide, self._address)
        now = self._clock.now()
        await self._ask_after_tickets(tide.restored_at)
        if why is None:
            await asyncio.to_thread(self._remember, mark_of(tide, self._address, now))
        elif await self._ledger.write(hold_everything, self._destinations, now):
            log.error("ledger.went_back", found=why, held="everything", mend=MEND)

    async def told(self) -> str | None:
        """What is wrong, for people; None when nothing is. Changes nothing. Raises LedgerUnavailable."""
        mark = await asyncio.to_thread(self._remembered)
        why = went_back(mark, await self._ledger.read(tide_of, mark), self._address)
        if why is None and await self._ledger.read(held_since) is None:
            return self._hint
        return (
            f"the ledger is older than what was seen of it ({why or 'found by another host'}); nothing is sent: {MEND}"
        )

    def note_stranger(self, destination: str) -> None:
        """A destination told of a case that the ledger does not know. That may have other reasons: it holds nothing."""
        self._note(f"{destination} tells of a case that is not in the ledger")

    async def _ask_after_tickets(self, restored_at: datetime | None) -> None:
        """Tickets are rung after the commit: what they ring for is in the ledger, or it is an older one."""
        rung = [one for one in self._heard() if restored_at is None or moment_of(one) > restored_at]
        if await self._ledger.read(strangers, rung):
            self._note("tickets ring for handoffs that are not in the ledger")

    def _note(self, hint: str) -> None:
        log.warning("history.stranger", found=hint)
        self._hint = f"{hint}; if it was put back from a backup, {MEND}"

    def _remembered(self) -> Mark | None:
        try:
            return decoded(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("history.unreadable", file=str(self._path), fault=str(error))
            return None

    def _remember(self, mark: Mark) -> None:
        """Write it down; a death in between leaves the one before. A disk that takes nothing is no reason to stop."""
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with fresh.open("wb") as file:
                file.write(encoded(mark))
                sync(file)
            fresh.replace(self._path)
        except OSError as error:
            log.warning("history.not_kept", file=str(self._path), fault=error.strerror)


def address_of(url: str) -> str:
    """Tells ledgers' addresses apart without saying them: no user, no password, nothing that can be read back."""
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port or 5432}{parts.path}" if parts.hostname else parts.path
    return hashlib.sha256(place.encode()).hexdigest()[:16]
