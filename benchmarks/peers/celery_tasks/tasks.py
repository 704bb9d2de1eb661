"""The Celery application and its one task."""

from __future__ import annotations

from celery import Celery

from benchmarks.peers.common import BROKER_URL
from benchmarks.peers.sending import hand_on

app = Celery("reports", broker=BROKER_URL)
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_prefetch_multiplier=16,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    broker_pool_limit=4,
    task_serializer="json",
)


@app.task(bind=True, autoretry_for=(OSError,), retry_backoff=5, max_retries=20)
def forward(self: object, report_id: int, destination: str, body: str) -> None:
    """Hand one report to one destination."""
    hand_on(report_id, destination, body)
