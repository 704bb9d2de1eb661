"""Not more than so many calls in so much time, evenly spread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pace:
    """Lets callers through one after the other, `seconds` apart. Without seconds it lets everybody through at once.

    Where several workers share a destination each keeps `shares` times the distance.
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._next = 0.0
        self._turns = asyncio.Lock()
        self._shares = 1

    def share(self, shares: int) -> None:
        """So many keep the pace together, from the next call on."""
        self._shares = shares

    def rest(self, seconds: float) -> None:
        """Let nobody through for so long: the others must first learn that they are one more."""
        self._next = max(self._next, self._monotonic() + seconds)

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        if self._seconds <= 0:
            return
        async with self._turns:
            now = self._monotonic()
            mine = max(now, self._next)
            if mine > now:
                await asyncio.sleep(mine - now)
            self._next = max(mine + self._seconds * self._shares, self._next)
