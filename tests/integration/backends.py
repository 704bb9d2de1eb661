"""Where a gateway under test keeps its ledger and rings its bell: nothing to install, or the servers of production."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import asyncpg
import pytest
from kombu import Connection

from gateway.queue import Doorbell
from tests.integration.databases import in_a_loop, migrate

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
    """A backend of its own, with its tables, gone afterwards. Without the servers it is skipped; in CI it fails."""
    prefix = f"sp4ngw_test_{uuid4().hex[:12]}"
    if name == EMBEDDED:
        shutil.copy(_migrated_file(), folder / "ledger.sqlite")
        yield Backend(name, f"sqlite:///{folder / 'ledger.sqlite'}", "memory://", prefix)
        return
    need_rabbitmq()
    with throw_away_database(prefix, like=_migrated_database()) as url:
        try:
            yield Backend(name, url, RABBITMQ, prefix)
        finally:
            Doorbell(RABBITMQ, prefix).delete_queue()


@contextmanager
def throw_away_database(name: str, *, like: str = "template1") -> Iterator[str]:
    """A PostgreSQL database with what another holds, which is nothing by default, and its address."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _administer(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')).result()
        try:
            yield f"{POSTGRESQL}/{name}"
        finally:
            thread.submit(asyncio.run, _administer(f'DROP DATABASE "{name}" WITH (FORCE)')).result()


@cache
def _migrated_file() -> Path:
    """A ledger of SQLite to copy: the migrations run once for each process of tests, not once for each test."""
    folder = Path(tempfile.mkdtemp(prefix="sp4ngw_test_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    in_a_loop(lambda: migrate(f"sqlite:///{folder / 'template.sqlite'}"))
    return folder / "template.sqlite"


@cache
def _migrated_database() -> str:
    """The same in PostgreSQL."""
    name = f"sp4ngw_test_{uuid4().hex[:12]}_template"
    in_a_loop(lambda: _administer(f'CREATE DATABASE "{name}"'))
    atexit.register(lambda: asyncio.run(_administer(f'DROP DATABASE "{name}" WITH (FORCE)')))
    in_a_loop(lambda: migrate(f"{POSTGRESQL}/{name}"))
    return name


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


async def _administer(command: str) -> None:
    try:
        connection = await asyncpg.connect(f"{POSTGRESQL}/postgres", timeout=5)
    except OSError as error:
        leave_out(f"PostgreSQL does not answer at {POSTGRESQL}: {type(error).__name__}")
    try:
        await connection.execute(command)
    finally:
        await connection.close()
