"""The doorbell: kombu tickets that say which handoffs are due. Nothing depends on a ticket arriving.

kombu blocks, so one thread publishes and one consumes; the event loop sees only `ring` and a callback. Tickets carry
ids in batches, of all destinations in one queue, and are published after the commit. They need no acknowledgement: the
ledger is the backlog, and the sweeper rings again for whatever a lost ticket was about. A broker that is away costs
latency, never a handoff.
"""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

import structlog
from kombu import Connection, Consumer, Producer, Queue
from kombu.exceptions import KombuError
from kombu.message import Message
from tenacity import RetryCallState, Retrying, wait_exponential

IDS_PER_TICKET = 50
_CONTENT_TYPE = "application/json"
_IDLE_SECONDS = 1.0
_HEARD = 64

log = structlog.get_logger("gateway.queue")


Ticket = Mapping[str, Sequence[UUID]]
"""Handoffs that are due, by destination."""


class _Rung(NamedTuple):
    """What is to be published."""

    destination: str
    ids: tuple[UUID, ...]


class Doorbell:
    """Publishes and receives tickets. `connected` tells whether the broker was reached last time."""

    def __init__(self, url: str, prefix: str, *, heartbeat: int = 30) -> None:
        self._url = url
        self._heartbeat = heartbeat
        self._queue = _tickets_of(url, prefix)
        self._outbox: queue.SimpleQueue[_Rung | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._arrival = threading.Event()
        self._declaring = threading.Lock()  # RabbitMQ fails one of two who make a quorum queue at the same time
        self._threads: list[threading.Thread] = []
        self._in_process = url.startswith("memory:")
        self.connected = False
        self._heard: deque[UUID] = deque(maxlen=_HEARD)

    def start(self, listener: Callable[[Ticket], None] | None = None) -> None:
        """Start the publishing thread, and the consuming one if there is a listener (called in that thread)."""
        self._begin("doorbell-publish", self._publish)
        if listener is not None:
            self._begin("doorbell-listen", lambda: self._listen(listener))

    def take_heard(self) -> list[UUID]:
        """Some of the handoffs that tickets rang for since this was last asked."""
        some = list(self._heard)
        self._heard.clear()
        return some

    def ring(self, destination: str, ids: Sequence[UUID]) -> None:
        """Say that these handoffs are due. Never blocks, never fails."""
        self._outbox.put(_Rung(destination, tuple(ids)))

    def stop(self) -> None:
        """Publish what is waiting, if the broker is there, and end both threads."""
        self._stopping.set()
        self._arrival.set()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self._threads.clear()

    def delete_queue(self) -> None:
        """Remove this gateway's queue from the broker, with every ticket in it."""
        with Connection(self._url) as connection, connection.channel() as channel:
            self._queue(channel).delete()

    def _begin(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _publish(self) -> None:
        self._keep_connected("publish", self._publish_until_stopped)

    def _publish_until_stopped(self, connection: Connection) -> None:
        producer = Producer(connection.channel(), serializer=None)
        with self._declaring:
            self._queue(producer.channel).declare()
        while True:
            rung = self._next_rung(connection)
            if rung is None:
                return
            for ticket in _packed(rung):
                self._send(producer, ticket)
            self._arrival.set()

    def _next_rung(self, connection: Connection) -> list[_Rung] | None:
        """Everything that waits to be published; None when it is time to stop."""
        try:
            waiting = [self._outbox.get(timeout=_IDLE_SECONDS)]
        except queue.Empty:
            _hear(connection)
            _say_alive(connection)
            return []
        while not self._outbox.empty():
            waiting.append(self._outbox.get_nowait())
        rung = [one for one in waiting if one is not None]
        if len(rung) == len(waiting):
            return rung
        self._outbox.put(None)
        return rung or None

    def _send(self, producer: Producer, ticket: Ticket) -> None:
        producer.publish(
            json.dumps({name: [identity.hex for identity in ids] for name, ids in ticket.items()}),
            routing_key=self._queue.name,
            content_type=_CONTENT_TYPE,
            content_encoding="utf-8",
            delivery_mode=2,
        )

    def _listen(self, listener: Callable[[Ticket], None]) -> None:
        self._keep_connected("listen", lambda connection: self._listen_until_stopped(connection, listener))

    def _listen_until_stopped(self, connection: Connection, listener: Callable[[Ticket], None]) -> None:
        self._consumer(connection, listener).consume()
        while not self._stopping.is_set():
            if self._in_process:
                self._arrival.wait(_IDLE_SECONDS)
                self._arrival.clear()
            self._drain(connection)

    def _drain(self, connection: Connection) -> None:
        with suppress(socket.timeout):
            while not self._stopping.is_set():
                connection.drain_events(timeout=0 if self._in_process else _IDLE_SECONDS)
                _say_alive(connection)
        _say_alive(connection)

    def _consumer(self, connection: Connection, listener: Callable[[Ticket], None]) -> Consumer:
        def received(message: Message) -> None:
            ticket = _read(message.body)
            self._heard.extend(ids[0] for ids in ticket.values() if ids)
            listener(ticket)

        channel = connection.channel()
        with self._declaring:
            return Consumer(channel, [self._queue], on_message=received, accept=[_CONTENT_TYPE], no_ack=True)

    def _keep_connected(self, role: str, work: Callable[[Connection], None]) -> None:
        """Run `work` on a connection, again whenever that breaks, until it returns or it is time to stop."""
        retrying = Retrying(
            wait=wait_exponential(multiplier=0.1, max=5),
            stop=lambda _: self._stopping.is_set(),
            sleep=self._pause,
            before_sleep=lambda state: self._lost(role, state),
            retry_error_callback=lambda _: None,
        )
        retrying(self._connected, work)

    def _pause(self, seconds: float) -> None:
        self._stopping.wait(seconds)

    def _connected(self, work: Callable[[Connection], None]) -> None:
        with Connection(
            self._url, heartbeat=0 if self._in_process else self._heartbeat, connect_timeout=5
        ) as connection:
            connection.connect()
            self.connected = True
            work(connection)

    def _lost(self, role: str, state: RetryCallState) -> None:
        self.connected = False
        error = state.outcome.exception() if state.outcome else None
        log.warning("queue.connection_lost", role=role, tries=state.attempt_number, error=type(error).__name__)


def _tickets_of(url: str, prefix: str) -> Queue:
    name, arguments = f"{prefix}.tickets", None if url.startswith("memory:") else {"x-queue-type": "quorum"}
    return Queue(name, routing_key=name, durable=True, queue_arguments=arguments)


def _packed(rung: Iterable[_Rung]) -> Iterator[Ticket]:
    """Each handoff once, in as few tickets as possible."""
    unique = list(dict.fromkeys((one.destination, identity) for one in rung for identity in one.ids))
    for start in range(0, len(unique), IDS_PER_TICKET):
        ticket: dict[str, list[UUID]] = defaultdict(list)
        for destination, identity in unique[start : start + IDS_PER_TICKET]:
            ticket[destination].append(identity)
        yield ticket


def _read(body: bytes | str) -> Ticket:
    """What a ticket says. One that none of ours wrote says nothing: the sweeper finds what is due."""
    try:
        return {str(name): [UUID(identity) for identity in ids] for name, ids in json.loads(body).items()}
    except (ValueError, TypeError, AttributeError):
        log.warning("queue.unreadable_ticket")
        return {}


def _hear(connection: Connection) -> None:
    """Read the broker's heartbeats on a connection that only publishes: they count when they are read."""
    if connection.heartbeat:
        with suppress(socket.timeout):
            while True:
                connection.drain_events(timeout=0)


def _say_alive(connection: Connection) -> None:
    """Send a heartbeat if it is time. Raises ConnectionForced when the broker has sent none."""
    if connection.heartbeat:
        connection.heartbeat_check()


__all__ = ["Doorbell", "KombuError", "Ticket"]
