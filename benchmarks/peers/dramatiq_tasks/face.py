"""The HTTP face."""

from __future__ import annotations

from benchmarks.peers.common import DESTINATIONS, face
from benchmarks.peers.dramatiq_tasks.tasks import forward


async def enqueue(report_id: int, body: str) -> None:
    """One message for each destination."""
    for destination in DESTINATIONS:
        forward.send(report_id, destination, body)


app = face(enqueue)
