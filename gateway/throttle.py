"""Throttles intake: looks at disk and ledger now and then, and refuses before there is harm."""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.health import count_pending
from gateway.metrics import Metrics
from gateway.pressure import Limits, Reading, pressure
from gateway.settings import Settings
from schemas.errors import LedgerUnavailable, Overloaded

log = structlog.get_logger("gateway.throttle")

_LOOK_EVERY = 1.0
_COUNT_EVERY = 5.0
_TOLD = {
    "disk": (30.0, "the gateway's disk is nearly full; nothing was accepted. Send the same request again later"),
    "backlog": (60.0, "too many reports wait to be handed on; nothing was accepted. Send the same request again later"),
    "queue": (5.0, "too many requests arrive at once; nothing was accepted. Send the same request again later"),
}


def limits_of(settings: Settings) -> Limits:
    """The limits that the settings set."""
    share = settings.min_free_percent / 100
    return Limits(settings.min_free_bytes, share, settings.max_backlog, settings.max_waiting)


class Throttle:
    """Lets messages in, or refuses them all for a while. `folder` lies on the disk that must not fill."""

    def __init__(self, folder: Path, ledger: Ledger, limits: Limits, clock: Clock, metrics: Metrics) -> None:
        self._folder = folder
        self._ledger = ledger
        self._limits = limits
        self._clock = clock
        self._metrics = metrics
        self._disk = (0, 0)
        self._looked_at = self._counted_at = float("-inf")
        self._backlog = 0
        self._why: str | None = None

    async def admit(self) -> None:
        """Return when a message may come in. Raises Overloaded with how long to wait."""
        now = self._clock.monotonic()
        if now - self._looked_at >= _LOOK_EVERY:
            self._looked_at = now
            found = os.statvfs(self._folder)
            self._disk = (found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize)
        if self._limits.backlog and now - self._counted_at >= _COUNT_EVERY:
            self._counted_at = now
            await self._count()
        self._judge()
        if self._why is not None:
            self._metrics.throttled(self._why).inc()
            seconds, told = _TOLD[self._why]
            raise Overloaded(told, retry_after=seconds)

    def _judge(self) -> None:
        reading = Reading(*self._disk, self._backlog, self._ledger.waiting)
        why = pressure(self._limits, reading, was=self._why is not None)
        if why != self._why:
            log.warning("intake.throttled" if why else "intake.goes_on", reason=why or self._why)
        self._why = why

    async def _count(self) -> None:
        try:
            self._backlog = await self._ledger.read(count_pending, self._limits.backlog + 1)
        except LedgerUnavailable:
            log.warning("ledger.unavailable")  # whoever wants to keep something is told so at once
