"""A value that is costly to know, asked for once in a while however many look at it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """What `ask` answered, for `seconds`; those who come while it is asked wait for the same answer."""

    def __init__(self, ask: Callable[[], Awaitable[T]], seconds: float, monotonic: Callable[[], float]) -> None:
        self._ask = ask
        self._seconds = seconds
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._known: tuple[float, T] | None = None

    async def get(self) -> T:
        """The value, at most `seconds` old. Raises what asking raises."""
        async with self._lock:
            now = self._monotonic()
            if self._known is None or now - self._known[0] >= self._seconds:
                self._known = (now, await self._ask())
            return self._known[1]

    def forget(self) -> None:
        """Something changed it: ask anew."""
        self._known = None
