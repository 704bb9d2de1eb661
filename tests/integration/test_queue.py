"""The doorbell on both brokers: tickets arrive, in batches, and a broker that goes away costs nothing but time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from kombu import Connection, Producer
from structlog.testing import capture_logs

from gateway.queue import IDS_PER_TICKET, Doorbell, Ticket
from tests.integration.backends import RABBITMQ, need_rabbitmq


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return "memory://"
    need_rabbitmq()
    return RABBITMQ


class Ear:
    """Collects what the doorbell rings."""

    def __init__(self) -> None:
        self.tickets: list[Ticket] = []
        self._news = threading.Condition()

    def hear(self, ticket: Ticket) -> None:
        with self._news:
            self.tickets.append(ticket)
            self._news.notify_all()

    def ids(self, destination: str) -> set[UUID]:
        return {identity for ticket in self.tickets for identity in ticket.get(destination, ())}

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(condition, timeout=20)


@pytest.fixture
def doorbell(url: str) -> Iterator[Doorbell]:
    bell = Doorbell(url, f"sp4ngw_test_{uuid4().hex[:12]}")
    yield bell
    bell.stop()
    bell.delete_queue()


def test_a_ticket_reaches_the_listener_of_its_destination(doorbell: Doorbell) -> None:
    ear = Ear()
    doorbell.start(ear.hear)
    first, second = uuid4(), uuid4()
    doorbell.ring("sp4n", [first])
    doorbell.ring("kemenkes", [second])
    ear.wait_for(lambda: ear.ids("sp4n") == {first} and ear.ids("kemenkes") == {second})


def test_many_handoffs_travel_in_few_tickets_and_none_is_lost(doorbell: Doorbell) -> None:
    ear = Ear()
    ids = [uuid4() for _ in range(1000)]
    for identity in ids:
        doorbell.ring("sp4n", [identity])
    doorbell.start(ear.hear)
    ear.wait_for(lambda: ear.ids("sp4n") == set(ids))
    assert max(sum(map(len, ticket.values())) for ticket in ear.tickets) == IDS_PER_TICKET


def test_handoffs_of_many_destinations_share_a_ticket(doorbell: Doorbell) -> None:
    ear, owed = Ear(), {f"dinas-{number}": uuid4() for number in range(IDS_PER_TICKET)}
    for destination, identity in owed.items():
        doorbell.ring(destination, [identity, identity])
    doorbell.start(ear.hear)
    ear.wait_for(lambda: all(ear.ids(destination) == {identity} for destination, identity in owed.items()))
    assert [len(ticket) for ticket in ear.tickets] == [len(owed)]


@pytest.mark.parametrize("body", [b"\xff\x00", b"[]", b'{"sp4n": 7}', b'{"sp4n": ["not an id"]}'])
def test_what_is_no_ticket_is_passed_over(url: str, body: bytes) -> None:
    prefix, identity, ear = f"sp4ngw_test_{uuid4().hex[:12]}", uuid4(), Ear()
    bell = Doorbell(url, prefix)
    with capture_logs() as logs:
        bell.start(ear.hear)
        try:
            bell.ring("sp4n", [uuid4()])
            ear.wait_for(lambda: len(ear.tickets) == 1)
            with Connection(url) as connection:
                Producer(connection.channel()).publish(
                    body, routing_key=f"{prefix}.tickets", content_type="application/json", content_encoding="binary"
                )
            bell.ring("sp4n", [identity])
            ear.wait_for(lambda: identity in ear.ids("sp4n"))
        finally:
            bell.stop()
            bell.delete_queue()
    said = [entry["event"] for entry in logs]
    assert "queue.unreadable_ticket" in said
    assert "queue.connection_lost" not in said


def test_what_was_rung_before_the_end_is_still_published(url: str) -> None:
    prefix, identity = f"sp4ngw_test_{uuid4().hex[:12]}", uuid4()
    quick = Doorbell(url, prefix)
    quick.start()
    quick.ring("sp4n", [identity])
    quick.stop()
    ear, other = Ear(), Doorbell(url, prefix)
    other.start(ear.hear)
    try:
        ear.wait_for(lambda: ear.ids("sp4n") == {identity})
    finally:
        other.stop()
        other.delete_queue()


@pytest.mark.rabbitmq
def test_a_connection_on_which_nothing_is_said_is_kept() -> None:
    need_rabbitmq()
    ear, bell = Ear(), Doorbell(RABBITMQ, f"sp4ngw_test_{uuid4().hex[:12]}", heartbeat=3)
    bell.start(ear.hear)
    try:
        bell.ring("sp4n", [uuid4()])
        ear.wait_for(lambda: len(ear.ids("sp4n")) == 1)
        with capture_logs() as logs:
            time.sleep(8)  # longer than two heartbeats, after which a silent peer is taken for gone
            bell.ring("sp4n", [uuid4()])
            ear.wait_for(lambda: len(ear.ids("sp4n")) == 2)
    finally:
        bell.stop()
        bell.delete_queue()
    assert [entry for entry in logs if entry["event"] == "queue.connection_lost"] == []


def test_without_a_broker_ringing_neither_blocks_nor_fails() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    bell = Doorbell(f"amqp://guest:guest@127.0.0.1:{port}//", "sp4ngw_test_none")
    bell.start(lambda _: None)
    for _ in range(1000):
        bell.ring("sp4n", [uuid4()])
    bell.stop()
    assert not bell.connected
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("doorbell")]
