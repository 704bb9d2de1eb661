"""Collecting stored files that no row points at: what a process stored and died before its rows were committed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import islice

import structlog

from gateway.attachments import Files
from gateway.chores import Chore
from gateway.ledger.files import owned_names

log = structlog.get_logger("gateway.collecting")

SAFE_AGE = timedelta(days=7)
"""A file that is younger may still get its row, or its ledger back from a backup that somebody is restoring."""

_EVERY = 3600.0
_AT_ONCE = 500


def collecting(files: Files) -> tuple[Chore, ...]:
    """The chore of a worker."""

    async def collect() -> None:
        await collect_orphans(files, files.now())

    return (("collect", _EVERY, collect),)


async def collect_orphans(files: Files, now: datetime) -> int:
    """Remove the files that are old enough and that no row points at; their number. Raises LedgerUnavailable.

    A name is made once and written to its row once, so what has no owner after so long will never have one.
    """
    names = files.storage.untouched_since((now - SAFE_AGE).timestamp())
    removed = 0
    while some := await asyncio.to_thread(lambda: list(islice(names, _AT_ONCE))):
        owned = await files.ledger.read(owned_names, some)
        for name in set(some) - owned:
            await asyncio.to_thread(files.storage.remove, name)
            removed += 1
    if removed:
        files.metrics.files_collected.inc(removed)
        log.info("files.collected", files=removed)
    return removed
