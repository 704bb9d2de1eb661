"""Throw-away databases of both kinds, used from tests that are not asynchronous."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import Connection, NullPool, create_engine, delete, event
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.ledger.tables import metadata

T = TypeVar("T")
SERVER = os.environ.get("SP4N_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")


class Database:
    """A throw-away database, used from tests that are not asynchronous."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, function: Callable[..., T], *args: Any, keep: bool = True) -> T:
        """Run a function in one transaction; `keep=False` rolls it back."""
        if self.url.startswith("sqlite"):
            return _run_sqlite(self.url, lambda conn: function(conn, *args), keep=keep)
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(
                asyncio.run, _run_postgresql(self.url, lambda conn: function(conn, *args), keep)
            ).result()


def _run_sqlite(url: str, function: Callable[[Connection], T], *, keep: bool) -> T:
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _manual(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN")

    with engine.connect() as conn:
        answer = function(conn)
        conn.commit() if keep else conn.rollback()
        return answer


async def _run_postgresql(url: str, function: Callable[[Connection], T], keep: bool) -> T:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as conn:
        answer = await conn.run_sync(function)
        await (conn.commit() if keep else conn.rollback())
        return answer


@contextmanager
def bare(kind: str, folder: Path) -> Iterator[Database]:
    """A fresh database without tables, gone in the end."""
    if kind == "sqlite":
        yield Database(f"sqlite:///{folder / 'ledger.db'}")
        return
    name = f"sp4ngw_test_{uuid4().hex[:12]}"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _administer(f"CREATE DATABASE {name}")).result()
        try:
            yield Database(f"{SERVER.replace('postgresql:', 'postgresql+asyncpg:')}/{name}")
        finally:
            thread.submit(asyncio.run, _administer(f"DROP DATABASE {name} WITH (FORCE)")).result()


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    """A fresh database with the ledger's tables."""
    with bare(kind, folder) as made:
        made.run(metadata.create_all)
        yield made


def wipe(conn: Connection) -> None:
    """Take every row away."""
    for table in metadata.sorted_tables:
        conn.execute(delete(table))


async def _administer(command: str) -> None:
    try:
        connection = await asyncpg.connect(f"{SERVER}/postgres", timeout=5)
    except OSError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"PostgreSQL does not answer: {error}")
    try:
        await connection.execute(command)
    finally:
        await connection.close()
