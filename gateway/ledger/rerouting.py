"""Reports that an agency did not take and that were sent on to another: the handoff, and the history of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.shapes import ACTION
from gateway.ledger.tables import actions, handoffs, messages, reports
from gateway.ledger.values import ActionRow, NewHandoff
from gateway.ledger.writing import handoff_parameters, insert_late_handoffs, routed
from schemas.base import Json

REROUTE, REROUTE_ASKS = "reroute", "reroute_asks"
_REPORT = (
    select(reports.c.channel, reports.c.messages)
    .where(reports.c.id == bindparam("report"), reports.c.erased_at.is_(None))
    .with_for_update()
)
_REACHED = select(handoffs.c.destination).where(handoffs.c.report_id == bindparam("report"))
_FIRST = (messages.c.report_id == bindparam("report")) & (messages.c.sequence == 0)
_OWED = select(messages.c.routed).where(_FIRST)
_OWE = update(messages).where(_FIRST).values(routed=bindparam("destinations"))


def send_onward(
    conn: Connection, report_id: UUID, new: NewHandoff, actor: str, now: datetime, detail: Mapping[str, Json]
) -> bool:
    """Owe a report to one destination more, with the history of why; False when it is erased or has been there."""
    report = conn.execute(_REPORT, {"report": report_id}).first()
    reached = set(conn.execute(_REACHED, {"report": report_id}).scalars())
    if report is None or new.destination in reached:
        return False
    insert_late_handoffs(conn, [handoff_parameters(new, report_id, report.channel, 0, report.messages - 1)])
    owed = conn.execute(_OWED, {"report": report_id}).scalar_one()
    destinations = [*(owed.split(",") if owed else ()), new.destination]
    conn.execute(_OWE, {"report": report_id, "destinations": routed(destinations)})
    note_each(conn, [report_id], REROUTE, actor, now, to=new.destination, **detail)
    return True


def ask_a_person(conn: Connection, report_id: UUID, actor: str, now: datetime, detail: Mapping[str, Json]) -> None:
    """Note that nobody is left to send a report to, or that too many did not take it."""
    note_each(conn, [report_id], REROUTE_ASKS, actor, now, **detail)


def list_rerouted(conn: Connection, *, after: UUID | None = None, limit: int = 500) -> list[ActionRow]:
    """What was sent on, newest first; `after` is the last id of the page before."""
    query = select(*ACTION.columns).where(actions.c.action == REROUTE).order_by(actions.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(actions.c.id < after)
    return [ACTION.value(row) for row in conn.execute(query)]
