"""The production database: PostgreSQL through asyncpg, with one pool for writing and one for reading."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import URL, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

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
_SYNCED = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"


class PostgresqlDatabase:
    """A database on a server."""

    def __init__(self, url: URL) -> None:
        self._writer = _engine(url, WRITERS, _WRITER)
        event.listen(self._writer.sync_engine, "connect", _sync_commits)
        options = {"isolation_level": "REPEATABLE READ", "execution_options": {"postgresql_readonly": True}}
        self._reader = _engine(url, READERS, _COMMON, **options)

    async def write(self, job: Job[T]) -> T:
        """Run a job on a connection that may write."""
        return await _run(self._writer, job)

    async def read(self, job: Job[T]) -> T:
        """Run a job on a connection that cannot write, in one snapshot."""
        return await _run(self._reader, job)

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        await self._reader.dispose()


async def _run(engine: AsyncEngine, job: Job[T]) -> T:
    async with engine.connect() as conn:
        return await conn.run_sync(job)


def _engine(url: URL, connections: int, settings: dict[str, str], **options: Any) -> AsyncEngine:
    return create_async_engine(
        asyncpg_url(url),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "server_settings": settings,
            "timeout": CONNECT_SECONDS,
            "command_timeout": STATEMENT_SECONDS,
            "prepared_statement_cache_size": 500,
        },
        **options,
    )


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
    dbapi_connection.commit()
