"""The Procrastinate application and its one task."""

from __future__ import annotations

from procrastinate import App, PsycopgConnector, RetryStrategy

from benchmarks.peers.awaiting import Sender
from benchmarks.peers.common import DATABASE_URL

app = App(connector=PsycopgConnector(conninfo=DATABASE_URL, min_size=4, max_size=16))
sender = Sender()


@app.task(queue="forward", retry=RetryStrategy(max_attempts=20, exponential_wait=5, retry_exceptions={OSError}))
async def forward(report_id: int, destination: str, body: str) -> None:
    """Hand one report to one destination."""
    await sender.hand_on(report_id, destination, body)
