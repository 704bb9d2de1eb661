"""Where a gateway under test keeps its ledger and rings its bell: nothing to install, or the servers of production."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import asyncpg
import pytest
from kombu import Connection

POSTGRESQL = os.environ.get("SP4N_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
RABBITMQ = os.environ.get("SP4N_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")
EMBEDDED, PRODUCTION = "sqlite+memory", "postgresql+rabbitmq"
BOTH = (EMBEDDED, pytest.param(PRODUCTION, marks=[pytest.mark.postgresql, pytest.mark.rabbitmq]))


@dataclass(frozen=True)
class Backend:
    """The addresses of a ledger and a broker, and the prefix that keeps this test's queues apart."""

    name: str
    database_url: str
    broker_url: str
    queue_prefix: str


@contextmanager
def backend(name: str, folder: Path) -> Iterator[Backend]:
    """A backend of its own, gone afterwards. Without the servers the test is skipped; in CI it fails."""
    prefix = f"sp4ngw_test_{uuid4().hex[:12]}"
    if name == EMBEDDED:
        yield Backend(name, f"sqlite:///{folder / 'ledger.sqlite'}", "memory://", prefix)
        return
    need_rabbitmq()
    with throw_away_database(prefix) as url:
        try:
            yield Backend(name, url, RABBITMQ, prefix)
        finally:
            delete_queues(prefix)


@contextmanager
def throw_away_database(name: str) -> Iterator[str]:
    """An empty PostgreSQL database and its address."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _administer(f'CREATE DATABASE "{name}"')).result()
        try:
            yield f"{POSTGRESQL}/{name}"
        finally:
            thread.submit(asyncio.run, _administer(f'DROP DATABASE "{name}" WITH (FORCE)')).result()


def need_rabbitmq() -> None:
    """Leave the test out when the broker does not answer."""
    try:
        with Connection(RABBITMQ, connect_timeout=3) as connection:
            connection.connect()
    except OSError:
        leave_out(f"RabbitMQ does not answer at {RABBITMQ}")


def leave_out(reason: str) -> NoReturn:
    """A missing server skips on a laptop and fails in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must not leave it out")
    pytest.skip(reason)


def delete_queues(prefix: str, destinations: tuple[str, ...] = ("sp4n", "kemenkes")) -> None:
    """Remove a test's queues from the broker, with every ticket in them."""
    with Connection(RABBITMQ) as connection, connection.channel() as channel:
        for destination in destinations:
            channel.queue_delete(f"{prefix}.{destination}")


async def _administer(command: str) -> None:
    try:
        connection = await asyncpg.connect(f"{POSTGRESQL}/postgres", timeout=5)
    except OSError as error:
        leave_out(f"PostgreSQL does not answer at {POSTGRESQL}: {type(error).__name__}")
    try:
        await connection.execute(command)
    finally:
        await connection.close()
