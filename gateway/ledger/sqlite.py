"""The embedded database: one file, one thread that writes, a few that read.

Other processes may open the same file. The write-ahead log lets them read while one writes; writers take turns, each
waiting up to `BUSY_SECONDS` for its own.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event

from gateway.ledger.database import Job
from schemas.errors import Misconfigured

T = TypeVar("T")

BUSY_SECONDS = 5
READERS = 3

_COMMON = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA temp_store = MEMORY",
)
_WRITER = (
    *_COMMON,
    "PRAGMA page_size = 8192",  # only a new file takes it, and only before it turns to WAL
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # every commit is synced: 202 means kept
    "PRAGMA cache_size = -65536",  # KiB
    "PRAGMA wal_autocheckpoint = 4000",  # pages
    f"PRAGMA journal_size_limit = {128 * 1024 * 1024}",
)
_READER = (*_COMMON, "PRAGMA query_only = ON", "PRAGMA cache_size = -16384")


class SqliteDatabase:
    """A database in a file."""

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise Misconfigured(
                "a ledger in memory keeps nothing: name a file, as in sqlite:////var/lib/sp4n/ledger.db"
            )
        self._writer = _engine(url, 1, "BEGIN IMMEDIATE", _WRITER)
        self._reader = _engine(url, READERS, "BEGIN", _READER)
        self._write_thread = ThreadPoolExecutor(1, "ledger-writer")
        self._read_threads = ThreadPoolExecutor(READERS, "ledger-reader")

    async def write(self, job: Job[T]) -> T:
        """Run a job in the one thread that writes."""
        return await asyncio.get_running_loop().run_in_executor(self._write_thread, _run, self._writer, job)

    async def write_group(self, job: Job[T]) -> T:
        """Run a job in the one thread that writes."""
        return await self.write(job)

    async def read(self, job: Job[T]) -> T:
        """Run a job in one of the threads that read."""
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, _run, self._reader, job)

    def commit(self, conn: Connection) -> None:
        """Commit what a job that may write has done."""
        conn.commit()

    async def close(self) -> None:
        """Let the threads finish what they do, then close the file."""
        for threads in (self._read_threads, self._write_thread):
            await asyncio.to_thread(threads.shutdown, wait=True)
        self._reader.dispose()
        self._writer.dispose()


def _run(engine: Engine, job: Job[T]) -> T:
    with engine.connect() as conn:
        return job(conn)


def _engine(url: URL, connections: int, begin: str, pragmas: tuple[str, ...]) -> Engine:
    engine = create_engine(url, pool_size=connections, max_overflow=0)

    @event.listens_for(engine, "do_connect")
    def _make_private(_dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        """A new file belongs to its user alone; SQLite gives the files beside it the same rights.

        Only a new file: to close any descriptor of one that is in use drops this process's locks on it (POSIX), and the
        next process that closes its connection would take away the write-ahead log from under us.
        """
        if not options.get("uri"):
            with suppress(OSError):
                os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

    @event.listens_for(engine, "connect")
    def _prepare(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # the driver begins nothing by itself
        for pragma in pragmas:
            dbapi_connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql(begin)

    return engine
