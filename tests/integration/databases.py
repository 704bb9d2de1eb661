"""Ledgers for tests: a file of SQLite, or a PostgreSQL database of the test's own that is gone afterwards.

The tables are made once for each run, and every test finds them empty.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn, Protocol
from uuid import uuid4

import asyncpg
import pytest

from gateway.ledger import Ledger
from gateway.ledger.tables import log_head, metadata

SERVER = os.environ.get("SP4N_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
SQLITE, POSTGRESQL = "sqlite", "postgresql"
NOTHING_LOGGED = ", ".join(
    f"{each.name} = {repr('') if each.name == 'frontier' else 0}" for each in log_head.c if each.name != "id"
)
BOTH = (SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgresql))


class Kind(Protocol):
    """A kind of database, with a migrated ledger to copy."""

    def empty(self) -> Iterator[str]:
        """The address of a database without tables."""

    def migrated(self) -> Iterator[str]:
        """The address of a ledger without rows."""


class SqliteFiles:
    """Ledgers in files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        in_a_loop(lambda: migrate(f"sqlite:///{self._template}"))

    def empty(self) -> Iterator[str]:
        """A file that is not there yet."""
        yield f"sqlite:///{self._folder / uuid4().hex}.db"

    def migrated(self) -> Iterator[str]:
        """A copy of the template."""
        path = self._folder / f"{uuid4().hex}.db"
        shutil.copy(self._template, path)
        yield f"sqlite:///{path}"


class PostgresqlDatabases:
    """Ledgers on the server of the tests: one with tables for the whole run, emptied for each test."""

    def __init__(self) -> None:
        self._shared = f"sp4ngw_test_{uuid4().hex[:12]}"
        administer(f'CREATE DATABASE "{self._shared}"')
        in_a_loop(lambda: migrate(f"{SERVER}/{self._shared}"))

    def empty(self) -> Iterator[str]:
        """A new database."""
        name = f"sp4ngw_test_{uuid4().hex[:12]}"
        administer(f'CREATE DATABASE "{name}"')
        try:
            yield f"{SERVER}/{name}"
        finally:
            administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def migrated(self) -> Iterator[str]:
        """The one with tables, without rows and without anybody else's connections."""
        administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._shared}'")
        tables = [table.name for table in reversed(metadata.sorted_tables) if table is not log_head]
        administer("; ".join(f"DELETE FROM {name}" for name in tables), self._shared)
        administer(f"UPDATE log_head SET {NOTHING_LOGGED}", self._shared)
        yield f"{SERVER}/{self._shared}"

    def close(self) -> None:
        """Remove the one with tables."""
        administer(f'DROP DATABASE "{self._shared}" WITH (FORCE)')


async def migrate(url: str) -> None:
    """Make the tables."""
    ledger = await Ledger.open(url)
    await ledger.migrate()
    await ledger.close()


def administer(command: str, database: str = "postgres") -> None:
    """Have the server do something outside of any transaction. Skips the test when it does not answer."""

    async def act() -> None:
        connection = await asyncpg.connect(SERVER, database=database, timeout=5)
        try:
            await connection.execute(command)
        finally:
            await connection.close()

    try:
        in_a_loop(act)
    except OSError as error:
        leave_out(f"PostgreSQL does not answer at {SERVER}: {type(error).__name__}")


def in_a_loop(act: Callable[[], Awaitable[Any]]) -> None:
    """Run it to its end in an event loop of its own, whether or not one runs here."""

    async def run() -> None:
        await act()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def leave_out(reason: str) -> NoReturn:
    """A missing server skips on a laptop and fails in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}, and CI leaves nothing out")
    pytest.skip(reason)
