"""The HTTP face."""

from __future__ import annotations

from benchmarks.peers.common import DESTINATIONS, face
from benchmarks.peers.taskiq_tasks.tasks import broker, forward


async def enqueue(report_id: int, body: str) -> None:
    """One message for each destination."""
    for destination in DESTINATIONS:
        await forward.kiq(report_id, destination, body)


app = face(enqueue, broker.startup, broker.shutdown)
