"""The HTTP face: both jobs in one statement."""

from __future__ import annotations

from benchmarks.peers.common import DESTINATIONS, face
from benchmarks.peers.procrastinate_tasks.tasks import app as queue
from benchmarks.peers.procrastinate_tasks.tasks import forward


async def enqueue(report_id: int, body: str) -> None:
    """One job for each destination."""
    jobs = [{"report_id": report_id, "destination": destination, "body": body} for destination in DESTINATIONS]
    await forward.batch_defer_async(*jobs)


app = face(enqueue, queue.open_async, queue.close_async)
