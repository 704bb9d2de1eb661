"""The rows over which the delivery log is measured, made inside the server."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import asyncpg

from schemas.tracking import make_tracking_code

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
APART = timedelta(seconds=10)
CODE = make_tracking_code(bytes(range(16)))


@dataclass(frozen=True, slots=True)
class Kind:
    """What the attempt number `n` of `total` is like, as expressions; a later one may name those before it."""

    channel: str
    destination: str
    state: str
    outcome: str
    reason: str


EVEN = Kind(
    channel="""CASE WHEN n < 20000 THEN 'closed-long-ago' WHEN n % 5000 = 0 THEN 'walk-in'
      ELSE 'channel-' || n % 6 END""",
    destination="""CASE WHEN n < 20000 THEN 'gone' WHEN n % 9000 = 0 THEN 'rare'
      ELSE (ARRAY['sp4n', 'sp4n', 'pupr', 'kemenkes'])[1 + n % 4] END""",
    state="""CASE WHEN n % 200 = 7 THEN 'parked' WHEN n % 500 = 9 THEN 'uncertain' WHEN n % 300 = 11 THEN 'cancelled'
      WHEN n > total - 3000 THEN 'pending' ELSE 'delivered' END""",
    outcome="""CASE state WHEN 'delivered' THEN 'delivered' WHEN 'parked' THEN 'refused'
      WHEN 'uncertain' THEN 'uncertain' ELSE 'deferred' END""",
    reason="""CASE outcome WHEN 'delivered' THEN 'http_201' WHEN 'refused' THEN 'http_422'
      WHEN 'uncertain' THEN 'read_timeout' ELSE CASE WHEN n % 40 = 1 THEN 'tls_failed' ELSE 'http_503' END END""",
)
"""All is spread over the whole time, but for a channel and a destination that are gone."""

UNEVEN = Kind(
    channel="""CASE WHEN n < 20000 THEN 'closed-long-ago' WHEN n % (total / 8) = 5 THEN 'walk-in'
      WHEN n % 10 = 1 THEN 'channel-1' WHEN n % 10 = 2 THEN 'channel-2' ELSE 'channel-0' END""",
    destination="""CASE WHEN n < 20000 THEN 'gone' WHEN n % (total / 6) = 7 THEN 'rare'
      WHEN channel = 'channel-1' THEN 'pupr' WHEN n % 10 = 3 THEN 'kemenkes' ELSE 'sp4n' END""",
    state="""CASE WHEN n BETWEEN total * 3 / 10 AND total * 33 / 100 AND destination = 'sp4n' THEN 'parked'
      WHEN n % (total / 9) = 3 THEN 'uncertain' WHEN n % (total / 12) = 4 THEN 'cancelled'
      WHEN n > total * 97 / 100 AND destination = 'sp4n' THEN 'pending' ELSE 'delivered' END""",
    outcome="""CASE WHEN state = 'parked' THEN 'refused' WHEN state = 'uncertain' THEN 'uncertain'
      WHEN state IN ('pending', 'cancelled') OR destination = 'kemenkes' AND n % 4 = 0 THEN 'deferred'
      ELSE 'delivered' END""",
    reason="""CASE outcome WHEN 'delivered' THEN 'http_201' WHEN 'refused' THEN 'http_422'
      WHEN 'uncertain' THEN 'read_timeout'
      ELSE CASE WHEN n % (total / 7) = 4 THEN 'tls_failed' ELSE 'http_503' END END""",
)
"""Nearly all is one channel's and one destination's, others have a handful; what failed did so in one stretch."""

KINDS = {"even": EVEN, "uneven": UNEVEN}

_FUNCTION = """
CREATE FUNCTION pg_temp.id_at(at timestamptz, kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
    || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;
"""
_MANY = """
CREATE TEMP TABLE many AS
SELECT *, {reason} AS reason FROM (SELECT *, {outcome} AS outcome FROM (SELECT *, {state} AS state FROM (
  SELECT *, {destination} AS destination FROM (SELECT *, {channel} AS channel FROM (
    SELECT n, {total}::bigint AS total, '{began}'::timestamptz + n * interval '{apart} s' AS at
    FROM generate_series(0::bigint, {total} - 1) n) a) b) c) d) e;
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
    """INSERT INTO attempts (id, handoff_id, report_id, destination, step, number, started_at, worker, request, leaf,
  channel)
SELECT pg_temp.id_at(at, 3, n), pg_temp.id_at(at, 2, n), pg_temp.id_at(at, 1, n), destination, 'post', 1, at,
  pg_temp.id_at(at, 4, 0), decode(md5(n::text) || md5(n::text), 'hex'), decode(md5(n::text) || md5(n::text), 'hex'),
  channel FROM many""",
    """INSERT INTO results (attempt_id, source, ended_at, outcome, reason, status, leaf, sealed_excerpt)
SELECT pg_temp.id_at(at, 3, n), 'reply', at + interval '90 ms',
  outcome, reason,
  201, decode(md5(n::text) || md5(n::text), 'hex'), repeat('x', 200)::bytea FROM many""",
    """INSERT INTO reporter_keys (key, report_id) SELECT decode(md5((n % 100000)::text), 'hex'), pg_temp.id_at(at, 1, n)
FROM many""",
)


async def fill(url: str, kind: Kind, total: int) -> None:
    """Fill the tables, if they are empty, and have the server look at what is in them."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM attempts)"):
            return
        await connection.execute(_FUNCTION)
        await connection.execute(_many(kind, total))
        for statement in _TABLES:
            await connection.execute(statement)
            print(f"filled {statement.split()[2]}", flush=True)
        named = "UPDATE reports SET tracking_code = $1 WHERE tracking_code = lpad('54321', 14, '0')"
        await connection.execute(named, CODE)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _many(kind: Kind, total: int) -> str:
    return _MANY.format(**asdict(kind), total=total, began=BEGAN.isoformat(), apart=f"{APART.total_seconds():g}")
