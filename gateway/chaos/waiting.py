"""Waiting for whatever a run cannot be told of: what processes say, how far the reports are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], every: float = 0.02) -> None:
    """Return when it holds; asked every so many seconds."""
    while not holds():  # noqa: ASYNC110 - files, counts and processes of others have no event
        await asyncio.sleep(every)
