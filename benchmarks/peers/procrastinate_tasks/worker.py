"""The worker; with the argument `schema` it makes Procrastinate's own tables instead."""

from __future__ import annotations

import logging
import sys

import uvloop

from benchmarks.peers.procrastinate_tasks.tasks import app, sender


async def work() -> None:
    """Work until terminated; jobs that succeeded are deleted, the attempt is recorded elsewhere."""
    async with app.open_async():
        await sender.open()
        await app.run_worker_async(queues=["forward"], concurrency=32, delete_jobs="successful")
        await sender.close()


async def make_schema() -> None:
    """Procrastinate's own tables."""
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    uvloop.run(make_schema() if sys.argv[1:] == ["schema"] else work())
