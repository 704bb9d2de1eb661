"""Where the time comes from: one argument for everything that asks."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

TOLERANCE = timedelta(seconds=5)
"""By so much a clock may be wrong without harm: waits are coarser, and leases ask no clock."""


class Clock(Protocol):
    """Wall time for what is written down, monotonic seconds for how long something took."""

    def now(self) -> datetime:
        """The aware wall time, UTC."""

    def monotonic(self) -> float:
        """Seconds that never jump."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The aware wall time, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment, never backwards."""
        return time.monotonic()


class FollowingClock:
    """A clock that is put right by another one, where that differs by more than `TOLERANCE`: the ledger's, say.

    Several machines that follow the same one agree on what is due, whatever their own clocks do. A jump of its own
    clock that its monotonic seconds know nothing of it does not follow: until it is put right it goes on as before.
    """

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._off = timedelta()
        self._last = (own.now(), own.monotonic())

    def now(self) -> datetime:
        """The aware wall time, UTC, as far as it was put right."""
        wall, seconds = self._own.now(), self._own.monotonic()
        before, then = self._last
        jumped = wall - before - timedelta(seconds=seconds - then)
        if abs(jumped) > TOLERANCE:
            self._off -= jumped
        self._last = (wall, seconds)
        return wall + self._off

    def monotonic(self) -> float:
        """Its own clock's seconds."""
        return self._own.monotonic()

    def follow(self, asked_at: datetime, right: datetime) -> timedelta:
        """Hear what time it was somewhere between `asked_at` by this clock and now.

        Returns by how much this clock was moved: nothing within the tolerance.
        """
        now = self.now()
        if asked_at - TOLERANCE <= right <= now + TOLERANCE:
            return timedelta()
        self._off += right - now
        return right - now
