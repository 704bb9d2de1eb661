"""The broker and its one task."""

from __future__ import annotations

from taskiq import SimpleRetryMiddleware, TaskiqEvents, TaskiqState
from taskiq_aio_pika import AioPikaBroker

from benchmarks.peers.awaiting import Sender
from benchmarks.peers.common import BROKER_URL

broker = AioPikaBroker(BROKER_URL, qos=64).with_middlewares(SimpleRetryMiddleware(default_retry_count=20))
sender = Sender()


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def opened(_state: TaskiqState) -> None:
    """Open the worker's pools."""
    await sender.open()


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def closed(_state: TaskiqState) -> None:
    """Close them."""
    await sender.close()


@broker.task(retry_on_error=True)
async def forward(report_id: int, destination: str, body: str) -> None:
    """Hand one report to one destination."""
    await sender.hand_on(report_id, destination, body)
