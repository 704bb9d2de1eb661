"""Clocks that jump when they are told to."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class JumpingClock:
    """The machine's clock, wrong by `ahead`. With `everything` its monotonic time jumps too: time really passes."""

    def __init__(self, *, everything: bool = False) -> None:
        self.ahead = timedelta()
        self._everything = everything

    def now(self) -> datetime:
        """The aware wall time as this clock has it."""
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() + (self.ahead.total_seconds() if self._everything else 0.0)
