"""Erasing a report: its key is destroyed, and what is still owed is cancelled. What was recorded stays provable."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.alike import forget_sketch
from gateway.ledger.cancelling import cancel
from gateway.ledger.examples import forget_examples
from gateway.ledger.files import forget_hashes
from gateway.ledger.links import leave_lead, stir
from gateway.ledger.reporters import forget_reporter
from gateway.ledger.tables import handoffs, parked, report_keys, reports

ERASED = "erased"

_LOCK = select(reports.c.id).where(reports.c.id == bindparam("report")).with_for_update()
_DESTROY = (
    update(report_keys)
    .where(report_keys.c.subject_id == bindparam("report"), report_keys.c.wrapped.is_not(None))
    .values(wrapped=None, master_key_id=None, erased_at=bindparam("now"), archive=None)
)
_MARK = (
    update(reports).where(reports.c.id == bindparam("report")).values(erased_at=bindparam("now"), conversation_key=None)
)
_UNPARK = (
    update(parked)
    .where(or_(parked.c.report_id == bindparam("report"), parked.c.id == bindparam("report")))
    .where(parked.c.state == "parked")
    .values(state="cancelled", closed_at=bindparam("now"))
)
_ITS_HANDOFFS = select(handoffs.c.id).where(handoffs.c.report_id == bindparam("report"))


def erase_report(conn: Connection, report_id: UUID, actor: str, now: datetime) -> bool:
    """Destroy the key of a report, or of a parked part, and cancel what is owed and not being worked on.

    False when it is not here or was erased before. Nobody can read it afterwards, the operator included, nor find its
    reporter; what lies of it in an archive cannot be opened either.
    """
    values = {"report": report_id, "now": now}
    conn.execute(_LOCK, {"report": report_id})
    if conn.execute(_DESTROY, values).rowcount != 1:
        return False
    conn.execute(_MARK, values)
    forget_reporter(conn, report_id)
    forget_sketch(conn, [report_id])
    forget_examples(conn, [report_id])
    leave_lead(conn, report_id, now)
    stir(conn, [report_id], now)
    forget_hashes(conn, report_id)
    conn.execute(_UNPARK, values)
    cancel(conn, conn.execute(_ITS_HANDOFFS, {"report": report_id}).scalars().all(), actor, ERASED, now)
    note_each(conn, [report_id], "erase", actor, now)
    return True
