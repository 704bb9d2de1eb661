"""How long each filter of the delivery log takes over a million attempts: `python -m benchmarks.delivery_log URL`.

URL is an empty PostgreSQL database, `postgresql://user@host/name`. It is filled inside the server, which takes a minute
or two, and stays as it is: given again, it is only measured. Fails when a filter takes longer than 200 ms.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import uvloop

from gateway.ledger import Ledger
from gateway.ledger.delivery_log import LogFilter, read_log
from gateway.ledger.queues import causes
from gateway.ledger.reporters import reports_of
from gateway.ledger.views import reports_named
from schemas.handoff import HandoffState, OutcomeKind
from schemas.ids import uuid7
from schemas.tracking import make_tracking_code

ATTEMPTS = 1_000_000
LIMIT_MS = 200.0
PAGE = 51
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
APART = timedelta(seconds=10)
_FILL = """
CREATE FUNCTION pg_temp.id_at(at timestamptz, kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
    || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;
CREATE TEMP TABLE many AS
SELECT n, $1::timestamptz + n * $2::interval AS at,
  CASE WHEN n < 20000 THEN 'closed-long-ago' WHEN n % 5000 = 0 THEN 'walk-in' ELSE 'channel-' || n % 6 END AS channel,
  CASE WHEN n < 20000 THEN 'gone' WHEN n % 9000 = 0 THEN 'rare'
    ELSE (ARRAY['sp4n', 'sp4n', 'pupr', 'kemenkes'])[1 + n % 4] END AS destination,
  CASE WHEN n % 200 = 7 THEN 'parked' WHEN n % 500 = 9 THEN 'uncertain' WHEN n % 300 = 11 THEN 'cancelled'
    WHEN n > $3 - 3000 THEN 'pending' ELSE 'delivered' END AS state
FROM generate_series(0::bigint, $3::bigint - 1) n;
"""
_TABLES = (
    """INSERT INTO reports (id, tracking_code, channel, received_at, last_message_at, messages, classification,
  is_anonymous, is_secret, is_priority, verdict, decision, sealed_report)
SELECT pg_temp.id_at(at, 1, n), lpad(n::text, 14, '0'), channel, at, at, 1, 'aspirasi', false, false, false, 'accept',
  '{}', repeat('x', 400)::bytea FROM many""",
    """INSERT INTO handoffs (id, report_id, channel, destination, kind, first_sequence, last_sequence, parameters,
  state, progress, released, tries, step_tries, due_at, priority, clock_from, stage, reason, reference, created_at,
  updated_at, last_error)
SELECT pg_temp.id_at(at, 2, n), pg_temp.id_at(at, 1, n), channel, destination, 'report', 0, 0, '{}', state, '{}', false,
  1, 1, CASE state WHEN 'pending' THEN at END, 1, at, CASE state WHEN 'parked' THEN 'deliver' END,
  CASE state WHEN 'parked' THEN (ARRAY['http_422', 'horizon_reached'])[1 + n % 2] END,
  CASE state WHEN 'delivered' THEN 'R' || n END, at, at,
  CASE WHEN state = 'parked' AND n % 2 = 1 THEN 'http_422' ELSE '' END FROM many""",
    """INSERT INTO attempts (id, handoff_id, report_id, destination, step, number, started_at, worker, request, leaf)
SELECT pg_temp.id_at(at, 3, n), pg_temp.id_at(at, 2, n), pg_temp.id_at(at, 1, n), destination, 'post', 1, at,
  pg_temp.id_at(at, 4, 0), decode(md5(n::text) || md5(n::text), 'hex'), decode(md5(n::text) || md5(n::text), 'hex')
FROM many""",
    """INSERT INTO results (attempt_id, source, ended_at, outcome, reason, status, leaf, sealed_excerpt)
SELECT pg_temp.id_at(at, 3, n), 'reply', at + interval '90 ms',
  CASE state WHEN 'delivered' THEN 'delivered' WHEN 'parked' THEN 'refused' WHEN 'uncertain' THEN 'uncertain'
    ELSE 'deferred' END,
  CASE state WHEN 'delivered' THEN 'http_201' WHEN 'parked' THEN 'http_422' WHEN 'uncertain' THEN 'read_timeout'
    ELSE CASE WHEN n % 40 = 1 THEN 'tls_failed' ELSE 'http_503' END END,
  201, decode(md5(n::text) || md5(n::text), 'hex'), repeat('x', 200)::bytea FROM many""",
    """INSERT INTO reporter_keys (key, report_id) SELECT decode(md5((n % 100000)::text), 'hex'), pg_temp.id_at(at, 1, n)
FROM many""",
)
CODE = make_tracking_code(bytes(range(16)))
SOMEBODY = bytes.fromhex("a5bfc9e07964f8dddeb95fc584cd965d")  # md5 of 37
"""Whoever reported 10 times: one of those that the tables are filled with."""

Look = Callable[[Ledger], Awaitable[object]]


def looks() -> dict[str, Look]:
    """What is measured, by name."""
    end = BEGAN + ATTEMPTS * APART
    filters = {
        "no filter": LogFilter(),
        "destination, frequent": LogFilter(destination="sp4n"),
        "destination, rare": LogFilter(destination="rare"),
        "destination, gone": LogFilter(destination="gone"),
        "channel, frequent": LogFilter(channel="channel-1"),
        "channel, rare": LogFilter(channel="walk-in"),
        "channel, closed": LogFilter(channel="closed-long-ago"),
        "state parked": LogFilter(state=HandoffState.PARKED),
        "state uncertain": LogFilter(state=HandoffState.UNCERTAIN),
        "state pending": LogFilter(state=HandoffState.PENDING),
        "state cancelled": LogFilter(state=HandoffState.CANCELLED),
        "state delivered": LogFilter(state=HandoffState.DELIVERED),
        "outcome refused": LogFilter(outcome=OutcomeKind.REFUSED),
        "outcome uncertain": LogFilter(outcome=OutcomeKind.UNCERTAIN),
        "reason": LogFilter(reason="tls_failed"),
        "part of a reason": LogFilter(reason="time"),
        "a day": LogFilter(since=end - timedelta(days=60), until=end - timedelta(days=59)),
        "destination and outcome": LogFilter(destination="pupr", outcome=OutcomeKind.REFUSED),
        "rare and uncertain": LogFilter(destination="rare", outcome=OutcomeKind.UNCERTAIN),
        "channel and state": LogFilter(channel="walk-in", state=HandoffState.PARKED),
        "closed, delivered": LogFilter(channel="closed-long-ago", outcome=OutcomeKind.DELIVERED),
        "pending, delivered": LogFilter(state=HandoffState.PENDING, outcome=OutcomeKind.DELIVERED),
        "parked, delivered": LogFilter(state=HandoffState.PARKED, outcome=OutcomeKind.DELIVERED),
        "gone, reason": LogFilter(destination="gone", reason="tls_failed"),
        "never together": LogFilter(channel="channel-1", destination="pupr"),
    }
    found: dict[str, Look] = {name: _page(wanted, None) for name, wanted in filters.items()}
    found["no filter, page 10,000"] = _page(LogFilter(), uuid7(BEGAN + ATTEMPTS // 2 * APART, bytes(10)))
    found["tracking code"] = lambda ledger: _reports(ledger, CODE)
    found["reference"] = lambda ledger: _reports(ledger, "R654321")
    found["reporter"] = _reporter
    found["parked by cause"] = lambda ledger: ledger.read(causes, HandoffState.PARKED)
    return found


def _page(wanted: LogFilter, before: UUID | None) -> Look:
    return lambda ledger: ledger.read(read_log, wanted, before, PAGE)


async def _reports(ledger: Ledger, text: str) -> object:
    ids = tuple(await ledger.read(reports_named, text))
    return await ledger.read(read_log, LogFilter(report_ids=ids), None, PAGE)


async def _reporter(ledger: Ledger) -> object:
    ids = tuple(await ledger.read(reports_of, SOMEBODY, 500))
    return await ledger.read(read_log, LogFilter(report_ids=ids), None, PAGE)


async def fill(url: str) -> None:
    """Fill the tables, if they are empty, and have the server look at what is in them."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM attempts)"):
            return
        function, many = _FILL.split("CREATE TEMP TABLE", 1)
        await connection.execute(function)
        values = (f"'{BEGAN.isoformat()}'", f"'{APART.total_seconds():g} s'", str(ATTEMPTS))
        text = "CREATE TEMP TABLE" + many
        for place, value in enumerate(values, start=1):
            text = text.replace(f"${place}", value)
        await connection.execute(text)
        for statement in _TABLES:
            await connection.execute(statement)
            print(f"filled {statement.split()[2]}", flush=True)
        named = "UPDATE reports SET tracking_code = $1 WHERE tracking_code = lpad('123456', 14, '0')"
        await connection.execute(named, CODE)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def measure(url: str) -> int:
    """Fill, then look three times with each filter and print the median."""
    ledger = await Ledger.open(url)
    slow = 0
    try:
        await ledger.migrate()
        await fill(url)
        for name, look in looks().items():
            times, rows = [], 0
            for _ in range(3):
                began = time.perf_counter()
                found = await look(ledger)
                times.append((time.perf_counter() - began) * 1000)
                rows = len(found) if isinstance(found, list) else 0
            median = statistics.median(times)
            slow += median > LIMIT_MS
            print(f"{name:26} {median:7.1f} ms  first {times[0]:7.1f} ms  {rows:3} rows", flush=True)
    finally:
        await ledger.close()
    return 1 if slow else 0


def main() -> int:
    """Measure the database that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivery_log", description=__doc__)
    parser.add_argument("url")
    return uvloop.run(measure(parser.parse_args().url))


if __name__ == "__main__":
    sys.exit(main())
