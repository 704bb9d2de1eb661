"""The HTTP face: publishing to the broker is a write to a kept connection, so it is done in place."""

from __future__ import annotations

from benchmarks.peers.celery_tasks.tasks import forward
from benchmarks.peers.common import DESTINATIONS, face


async def enqueue(report_id: int, body: str) -> None:
    """One task for each destination."""
    for destination in DESTINATIONS:
        forward.delay(report_id, destination, body)


app = face(enqueue)
