"""Reports that a destination did not take or answer in time: which were told to nobody yet, and that one was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, exists, select

from gateway.ledger.dialects import word
from gateway.ledger.inbox import NOT_COLLECTED
from gateway.ledger.many import Inserts
from gateway.ledger.non_delivery_tables import non_deliveries
from gateway.ledger.notice_values import NewNotice
from gateway.ledger.notices import owe_notices
from gateway.ledger.shapes import KEY, REPORT
from gateway.ledger.tables import case_clocks, handoffs, report_keys, reports
from gateway.ledger.turns import is_free
from gateway.ledger.values import KeyRow, ReportRow

HORIZON_REACHED, REFUSED, UNCERTAIN = "horizon_reached", "refused", "uncertain"
CLOCK = "clock_"
"""A clock of the law ran out and what it waits for has not happened: `clock_` and the clock's name."""

_NON_DELIVERIES = Inserts(non_deliveries)
_COLUMNS = (*REPORT.columns, *KEY.columns)
_BY_AGENCY = ("verification", "first_followup", "resolution")
_FRESH = timedelta(days=7)
"""A clock that was last read longer ago than this, and is broken, was told of before."""
_PARKED = and_(handoffs.c.state == word("parked"), handoffs.c.stage == word("deliver"))
_IDLE = handoffs.c.updated_at < bindparam("before")
_CAUSES: tuple[tuple[str, ColumnElement[bool]], ...] = (
    (HORIZON_REACHED, and_(_PARKED, handoffs.c.reason == word(HORIZON_REACHED))),
    (NOT_COLLECTED, and_(is_free(handoffs), handoffs.c.reason == word(NOT_COLLECTED))),
    (REFUSED, and_(_PARKED, handoffs.c.reason != word(HORIZON_REACHED), _IDLE)),
    (UNCERTAIN, and_(handoffs.c.state == word("uncertain"), _IDLE)),
)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A report's handoff that was not delivered, and why."""

    handoff_id: UUID
    destination: str
    cause: str
    report: ReportRow
    key: KeyRow


def untold_non_deliveries(conn: Connection, now: datetime, patience: timedelta, limit: int) -> list[Undelivered]:
    """What was not delivered or not answered in time and was not reported yet, at most so many of each cause.

    Given up at its horizon, not fetched in time, or a clock of the law broken: at once. Refused or in doubt: after so
    much `patience`, in which people may have mended it.
    """
    values = {"before": now - patience, "since": now - _FRESH, "limit": limit}
    rows = [row for query in (*_OF_HANDOFFS, *_OF_CLOCKS) for row in conn.execute(query, values)]
    width = 3 + len(REPORT.columns)
    return [Undelivered(row[0], row[1], row[2], REPORT.value(row[3:width]), KEY.value(row[width:])) for row in rows]


def report_non_delivery(conn: Connection, one: Undelivered, notice: NewNotice | None, now: datetime) -> bool:
    """Record that it was reported, and owe the notice, in one transaction. False when somebody was first."""
    row = {"handoff_id": one.handoff_id, "cause": one.cause, "reported_at": now}
    before = select(non_deliveries.c.cause).where(
        non_deliveries.c.handoff_id == one.handoff_id, non_deliveries.c.cause == one.cause
    )
    conn.execute(select(handoffs.c.id).where(handoffs.c.id == one.handoff_id).with_for_update())
    if conn.execute(before).first() is not None:
        return False
    _NON_DELIVERIES.run(conn, [row])
    owe_notices(conn, _some(notice))
    return True


def _asked(cause: str, condition: ColumnElement[bool], source: Any) -> Select[Any]:
    told = exists().where(non_deliveries.c.handoff_id == handoffs.c.id, non_deliveries.c.cause == word(cause))
    columns = (handoffs.c.id, handoffs.c.destination, word(cause).label("cause"), *_COLUMNS)
    return (
        select(*columns)
        .select_from(source)
        .join(reports, reports.c.id == handoffs.c.report_id)
        .join(report_keys, report_keys.c.subject_id == reports.c.id)
        .where(handoffs.c.kind == word("report"), condition, ~told)
        .order_by(handoffs.c.created_at, handoffs.c.id)
        .limit(bindparam("limit"))
    )


def _broken(kind: str) -> Select[Any]:
    broken = and_(case_clocks.c.state == word("broken"), case_clocks.c.kind == word(kind))
    fresh = case_clocks.c.read_at >= bindparam("since")
    open_case = handoffs.c.state != word("cancelled")
    source = case_clocks.join(handoffs, handoffs.c.id == case_clocks.c.handoff_id)
    return _asked(CLOCK + kind, and_(broken, fresh, open_case), source)


_OF_HANDOFFS = [_asked(cause, condition, handoffs) for cause, condition in _CAUSES]
_OF_CLOCKS = [_broken(kind) for kind in _BY_AGENCY]


def _some(notice: NewNotice | None) -> Sequence[NewNotice]:
    return [notice] if notice is not None else []
