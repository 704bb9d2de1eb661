"""Not more than so many calls in so much time, evenly spread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pace:
    """Lets callers through one after the other, `seconds` apart. Without seconds it lets everybody through at once.

    Holds within one process: with several workers a destination sees as many times the rate.
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._next = 0.0

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        if self._seconds <= 0:
            return
        now = self._monotonic()
        mine = max(now, self._next)
        self._next = mine + self._seconds
        if mine > now:
            await asyncio.sleep(mine - now)
