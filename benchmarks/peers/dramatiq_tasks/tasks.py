"""The broker and its one actor."""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.middleware import AgeLimit, Callbacks, Pipelines, Retries, ShutdownNotifications, TimeLimit

from benchmarks.peers.common import BROKER_URL
from benchmarks.peers.sending import hand_on

middleware = [AgeLimit(), TimeLimit(), ShutdownNotifications(), Callbacks(), Pipelines(), Retries(min_backoff=5000)]
dramatiq.set_broker(RabbitmqBroker(url=BROKER_URL, middleware=middleware))


@dramatiq.actor(max_retries=20)
def forward(report_id: int, destination: str, body: str) -> None:
    """Hand one report to one destination."""
    hand_on(report_id, destination, body)
