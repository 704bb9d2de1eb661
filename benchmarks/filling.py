"""Fills a ledger on PostgreSQL: what real reports left there is copied, each copy lying further in the past.

A copy has every row and column of the original, as large and as indexed. Its ids and times lie a whole period earlier
and its keys are made anew, so nothing collides; sealed payloads are copied and could not be opened. Attempts and
results become part of the journal like all others: the sequencer takes them in when a gateway runs.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import asyncpg

TABLES = (
    "report_keys", "reports", "messages", "handoffs", "attempts", "results", "reporter_keys", "case_watch",
    "case_clocks",
)  # fmt: skip
_SPARE = {"worker", "owner"}
"""Ids of processes: the copies share them."""
_STILL_TO_COME = {"clocks_at", "next_poll_at"}
"""When a case is looked at next lies ahead, however old it is."""
_MADE_BY_THE_DATABASE = {"seq", "tx"}
_FUNCTION = """
CREATE FUNCTION earlier(id uuid, ms bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint - ms), 12, '0')
    || substr(replace(id::text, '-', ''), 13))::uuid $$"""
_COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1 AND table_schema = 'public'
ORDER BY ordinal_position"""


_INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
WHERE i.indrelid = ANY ($1::text[]::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1"""
_SETTINGS = (
    "SET session_replication_role = replica",  # what is copied refers to what is copied: not looked up row by row
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '1GB'",
)


async def fill(url: str, reports: int) -> int:
    """Copy until there are at least so many reports. Returns how many there are.

    Indexes are made anew afterwards: to keep them up with millions of rows takes several times as long.
    """
    connection = await asyncpg.connect(url, command_timeout=None)
    try:
        for setting in _SETTINGS:
            await connection.execute(setting)
        await connection.execute(_FUNCTION)
        originals = await connection.fetchval("SELECT count(*) FROM reports")
        copies = -(-max(0, reports - originals) // originals)
        period = await _period(connection)
        indexes = await connection.fetch(_INDEXES, list(TABLES))
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        for table in TABLES:
            await connection.execute(f"CREATE TEMPORARY TABLE original AS TABLE {table}")
            await connection.execute(await _copied(connection, table, copies, period))
            await connection.execute("DROP TABLE original")
        for index in indexes:
            await connection.execute(index["definition"])
        await connection.execute("DROP FUNCTION earlier")
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        return int(originals * (copies + 1))
    finally:
        await connection.close()


async def _period(connection: asyncpg.Connection) -> timedelta:
    """How far a copy lies before the one after it: longer than everything in the originals took."""
    row = await connection.fetchrow("SELECT min(received_at) AS first, now() AS last FROM reports")
    first: datetime = row["first"]
    return timedelta(seconds=int((row["last"] - first).total_seconds()) + 2)


async def _copied(connection: asyncpg.Connection, table: str, copies: int, period: timedelta) -> str:
    """The statement that copies a table's rows as they are now, the oldest copy first, and nothing sorted for it.

    They are read from a table of their own: each copy would otherwise read all copies made before it, too.
    """
    columns = {row["column_name"]: row["data_type"] for row in await connection.fetch(_COLUMNS, table)}
    kept = [name for name in columns if name not in _MADE_BY_THE_DATABASE]
    values = ", ".join(_earlier(table, name, columns[name], period) for name in kept)
    named = ", ".join(kept)
    # All names are the ledger's own: nothing comes from outside.
    return (
        f"INSERT INTO {table} ({named}) SELECT {values} FROM generate_series({copies}, 1, -1) AS copy"  # noqa: S608
        " CROSS JOIN LATERAL (SELECT original.*, copy AS copied FROM original OFFSET 0) AS t"
    )


def _earlier(table: str, name: str, kind: str, period: timedelta) -> str:
    """A column's value in a copy."""
    milliseconds = int(period.total_seconds() * 1000)
    if kind == "uuid" and name not in _SPARE:
        return f"earlier(t.{name}, copy::bigint * {milliseconds})"
    if name in _STILL_TO_COME:
        return f"t.{name}"
    if kind == "timestamp with time zone":
        return f"t.{name} - copy * interval '{milliseconds} milliseconds'"
    if name == "tracking_code":
        return f"left(md5(t.tracking_code || copy || '/{milliseconds}'), 14)"  # a second filling makes others
    if name in ("message_key", "conversation_key") or (table, name) == ("reporter_keys", "key"):
        return f"decode(md5(t.{name} || convert_to(copy || '/{milliseconds}', 'UTF8')), 'hex')"
    return f"t.{name}"
