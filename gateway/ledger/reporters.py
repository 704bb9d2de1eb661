"""Which reports are of the same reporter, by keyed hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select

from gateway.ledger.dialects import word
from gateway.ledger.many import Inserts
from gateway.ledger.tables import parked, report_links, reporter_keys, reports
from gateway.screen.past import LATELY, MOST, REMEMBERED, Past
from schemas.handoff import ParkStage
from schemas.ids import uuid7
from schemas.screening import VerdictKind

REPORTER_KEYS = Inserts(reporter_keys)
_FIRST = bytes(10)
RULES = "rule:"
"""How the names of those begin who decide and are no person."""
_EARLIER = (
    select(reporter_keys.c.report_id, reports.c.verdict, parked.c.state, parked.c.closed_by, report_links.c.lead_id)
    .join(reports, reports.c.id == reporter_keys.c.report_id)
    .outerjoin(parked, (parked.c.report_id == reports.c.id) & (parked.c.stage == word(ParkStage.SCREEN.value)))
    .outerjoin(report_links, (report_links.c.report_id == reports.c.id) & report_links.c.unlinked_at.is_(None))
    .where(
        reporter_keys.c.key == bindparam("key"),
        reporter_keys.c.report_id >= bindparam("since", type_=reporter_keys.c.report_id.type),
        reports.c.channel == bindparam("channel"),
    )
    .order_by(reporter_keys.c.report_id.desc())
    .limit(MOST)
)


def reports_of(conn: Connection, key: bytes, limit: int) -> list[UUID]:
    """The newest reports of a reporter."""
    query = select(reporter_keys.c.report_id).where(reporter_keys.c.key == key)
    return list(conn.execute(query.order_by(reporter_keys.c.report_id.desc()).limit(limit)).scalars())


def past_of(conn: Connection, key: bytes, channel: str, now: datetime) -> Past:
    """What came from a sender through a channel before.

    What waits for a person counts for nothing yet. Nor does what went on because nobody looked at it in time: only what
    a person let go on speaks for its sender. What a person merged into another report was not given up: it tells of an
    event, if not well.
    """
    since, lately = (uuid7(now - age, _FIRST) for age in (REMEMBERED, LATELY))
    rows = conn.execute(_EARLIER, {"key": key, "since": since, "channel": channel}).all()
    told_apart = (VerdictKind.ACCEPT.value, VerdictKind.DUPLICATE.value)
    return Past(
        recent=sum(row.report_id >= lately for row in rows),
        genuine=sum(row.verdict in told_apart or _closed_by_a_person(row, "released") for row in rows),
        junk=sum(
            row.verdict not in told_apart and _closed_by_a_person(row, "cancelled") and row.lead_id is None
            for row in rows
        ),
    )


def _closed_by_a_person(row: Any, state: str) -> bool:
    """Whether a person made it so: not the clock, and not its reporter, who took it back."""
    return row.state == state and row.closed_by is not None and not row.closed_by.startswith(RULES)


def forget_reporter(conn: Connection, report_id: UUID) -> None:
    """A report is not found by its reporter any more."""
    conn.execute(delete(reporter_keys).where(reporter_keys.c.report_id == report_id))
