"""Reports that a destination did not take in time: which were told to nobody yet, and the record that one was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, exists, or_, select

from gateway.ledger.dialects import word
from gateway.ledger.inbox import NOT_COLLECTED
from gateway.ledger.many import Inserts
from gateway.ledger.non_delivery_tables import non_deliveries
from gateway.ledger.notice_values import NewNotice
from gateway.ledger.notices import owe_notices
from gateway.ledger.shapes import KEY, REPORT
from gateway.ledger.tables import handoffs, report_keys, reports
from gateway.ledger.values import KeyRow, ReportRow

HORIZON_REACHED = "horizon_reached"

_NON_DELIVERIES = Inserts(non_deliveries)
_TOLD = exists().where(non_deliveries.c.handoff_id == handoffs.c.id, non_deliveries.c.cause == handoffs.c.reason)
_PARKED = and_(handoffs.c.state == word("parked"), handoffs.c.reason == word(HORIZON_REACHED))
_WAITING = and_(handoffs.c.state == word("pending"), handoffs.c.reason == word(NOT_COLLECTED))
_UNTOLD = (
    select(handoffs.c.id, handoffs.c.destination, handoffs.c.reason, *REPORT.columns, *KEY.columns)
    .join(reports, reports.c.id == handoffs.c.report_id)
    .join(report_keys, report_keys.c.subject_id == reports.c.id)
    .where(handoffs.c.kind == word("report"), or_(_PARKED, _WAITING), ~_TOLD)
    .order_by(handoffs.c.id)
)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A report's handoff that was not delivered, and why."""

    handoff_id: UUID
    destination: str
    cause: str
    report: ReportRow
    key: KeyRow


def untold_non_deliveries(conn: Connection, limit: int) -> list[Undelivered]:
    """What was given up at its horizon, or not fetched in time, and was not reported yet; the oldest first."""
    width = 3 + len(REPORT.columns)
    return [
        Undelivered(row[0], row[1], row[2], REPORT.value(row[3:width]), KEY.value(row[width:]))
        for row in conn.execute(_UNTOLD.limit(limit))
    ]


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


def _some(notice: NewNotice | None) -> Sequence[NewNotice]:
    return [notice] if notice is not None else []
