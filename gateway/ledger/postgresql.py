"""The production database: PostgreSQL through asyncpg, with connections to write, to write in groups, and to read."""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import await_only, greenlet_spawn

from gateway.ledger.database import Job

T = TypeVar("T")

CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 60.0
WRITERS = 8
READERS = 6

_COMMON = {
    "application_name": "sp4n-gateway",
    "idle_in_transaction_session_timeout": "60s",  # a process that hangs must not keep rows locked
    "jit": "off",
}
_WRITER = {
    **_COMMON,
    "idle_in_transaction_session_timeout": "4s",  # shorter than a lease: a frozen worker's locks must not guard it
    "plan_cache_mode": "force_custom_plan",  # a plan made while a table was small must not scan it once it is large
    "enable_hashjoin": "off",  # a batch meets large tables by their indexes, also before they were first analysed
    "enable_mergejoin": "off",
    "random_page_cost": "1.1",
}
_GROUPED = {
    **_WRITER,
    "plan_cache_mode": "force_generic_plan",  # the same few statements for every report: not planned for each
}
REPLAN_SECONDS = 5.0
"""A plan is kept so long and no longer: one from when tables were small or unknown may go by the wrong index."""
_SYNCED = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"


class PostgresqlDatabase:
    """A database on a server. What is written in groups is planned anew after `replan_seconds`."""

    def __init__(self, url: URL, replan_seconds: float = REPLAN_SECONDS) -> None:
        self._writer = _Held(url, WRITERS, _WRITER, "BEGIN")
        self._grouped = _Held(url, 1, _GROUPED, "BEGIN", replan_seconds=replan_seconds)
        for held in (self._writer, self._grouped):
            event.listen(held.engine, "connect", _sync_commits)
        self._reader = _Held(url, READERS, _COMMON, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    async def write(self, job: Job[T]) -> T:
        """Run a job on a connection that may write."""
        return await self._writer.run(job)

    async def write_group(self, job: Job[T]) -> T:
        """Run a job on the one connection that keeps its plans (docs/decisions/0024)."""
        return await self._grouped.run(job)

    async def read(self, job: Job[T]) -> T:
        """Run a job on a connection that cannot write, in one snapshot."""
        return await self._reader.run(job)

    def commit(self, conn: Connection) -> None:
        """Commit what a job that may write has done."""
        await_only(_driver(conn).execute("COMMIT"))

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.close()
        await self._grouped.close()
        await self._reader.close()


class _Held:
    """So many connections that stay checked out of SQLAlchemy's pool, and whose transactions are begun here.

    To take one and give it back for each transaction, and to have it begun and ended by SQLAlchemy, costs more than
    the transaction itself (docs/decisions/0018).
    """

    def __init__(
        self,
        url: URL,
        connections: int,
        settings: dict[str, str],
        begin: str,
        *,
        replan_seconds: float = math.inf,
    ) -> None:
        self._async_engine = create_async_engine(
            asyncpg_url(url),
            isolation_level="AUTOCOMMIT",
            pool_size=connections,
            max_overflow=0,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "server_settings": settings,
                "timeout": CONNECT_SECONDS,
                "command_timeout": STATEMENT_SECONDS,
                "prepared_statement_cache_size": 500,
            },
        )
        self.engine = self._async_engine.sync_engine
        self._begin = begin
        self._replan_seconds, self._planned_at = replan_seconds, time.monotonic()
        self._turns = asyncio.Semaphore(connections)
        self._free: list[Connection] = []

    async def run(self, job: Job[T]) -> T:
        """Run a job in a transaction. Raises SQLAlchemy's TimeoutError when no connection becomes free in time."""
        await self._turn()
        try:
            return await greenlet_spawn(self._run, job)
        finally:
            self._turns.release()

    async def close(self) -> None:
        """Close those that are free; none is in use any more."""
        await greenlet_spawn(self._drop_all)
        await self._async_engine.dispose()

    async def _turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()  # which does not wait
            return
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._turns.acquire()
        except TimeoutError as error:
            raise PoolTimeout("every connection is in use") from error

    def _run(self, job: Job[T]) -> T:
        conn = self._free.pop() if self._free else self.engine.connect()
        driver = _driver(conn)
        try:
            self._forget_old_plans(driver)
            await_only(driver.execute(self._begin))
            result = job(conn)
            _end(driver)
        except Exception:
            self._mend(conn, driver)
            raise
        except BaseException:  # cancelled on the way: nobody knows in what state it is
            _discard(conn)
            raise
        self._free.append(conn)
        return result

    def _forget_old_plans(self, driver: Any) -> None:
        if time.monotonic() - self._planned_at > self._replan_seconds:
            await_only(driver.execute("DISCARD PLANS"))
            self._planned_at = time.monotonic()

    def _mend(self, conn: Connection, driver: Any) -> None:
        """Roll back after an error; without a connection, forget those made before it, which are dead too."""
        try:
            _end(driver)
        except Exception:  # noqa: BLE001 - whatever it is, the connection is of no use
            driver.terminate()
        if driver.is_closed():
            _discard(conn)
            self._drop_all()
        else:
            self._free.append(conn)

    def _drop_all(self) -> None:
        while self._free:
            _discard(self._free.pop())


def _driver(conn: Connection) -> Any:
    """asyncpg's own connection."""
    return conn.connection.driver_connection


def _end(driver: Any) -> None:
    """Roll back what was not committed."""
    if driver.is_in_transaction():
        await_only(driver.execute("ROLLBACK"))


def _discard(conn: Connection) -> None:
    """Close a connection for good; the server rolls back what was under way."""
    conn.invalidate()
    conn.close()


def asyncpg_url(url: URL) -> URL:
    """The address for asyncpg, which says `ssl` for what libpq calls `sslmode`."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


def _sync_commits(dbapi_connection: Any, _record: Any) -> None:
    """202 means kept: a server that was told not to sync commits does so for the ledger all the same."""
    cursor = dbapi_connection.cursor()
    cursor.execute(_SYNCED)
    cursor.close()
