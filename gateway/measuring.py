"""The chore that measures: reads the ledger, the disk and the certificates now and then, off the path of reports."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from gateway.certificates import expiry_of
from gateway.clock import Clock
from gateway.config import DestinationConfig
from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.measures import measured
from gateway.metrics import Metrics

log = structlog.get_logger("gateway.measuring")

_SHARE = 20
"""Counting the books walks the whole ledger; it may take one part in so many of the time."""


@dataclass(slots=True)
class Measuring:
    """What is measured. `folders` are watched for free space, by the name that the metric gives them."""

    ledger: Ledger
    metrics: Metrics
    clock: Clock
    destinations: Mapping[str, DestinationConfig]
    folders: Mapping[str, Path]
    origin: str
    is_connected: Callable[[], bool]
    _books_from: float = 0.0

    async def measure(self) -> None:
        """Measure all of it once. Raises LedgerUnavailable or Tampered."""
        now = self.clock.now()
        self.metrics.show_broker(connected=self.is_connected())
        self.metrics.show_machine(*await asyncio.to_thread(self._machine))
        await self._count_books(now)
        self.metrics.show_measured(await self.ledger.read(measured, now, self.origin), self.destinations, now)

    async def _count_books(self, now: datetime) -> None:
        began = self.clock.monotonic()
        if began < self._books_from:
            return
        self.metrics.show_books(await self.ledger.read(balance), now)
        ended = self.clock.monotonic()
        self._books_from = ended + (ended - began) * (_SHARE - 1)

    def _machine(self) -> tuple[dict[str, int], dict[str, datetime]]:
        free = {name: shutil.disk_usage(path).free for name, path in self.folders.items() if path.is_dir()}
        expiries = {name: _expiry(name, entry) for name, entry in self.destinations.items()}
        return free, {name: expiry for name, expiry in expiries.items() if expiry is not None}


def _expiry(name: str, entry: DestinationConfig) -> datetime | None:
    try:
        return expiry_of(entry.entry)
    except (OSError, ValueError) as error:
        log.warning("certificate.unreadable", destination=name, fault=type(error).__name__)
        return None
