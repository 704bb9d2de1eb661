"""Reports that an agency did not take and that were sent on to another: the handoff, and the history of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.cancelling import cancel
from gateway.ledger.dialects import word
from gateway.ledger.examples import keep_example
from gateway.ledger.not_ours import ASKED, CLOSED, SENT, answer_asked, refused_handoff, settle
from gateway.ledger.set_aside import cancel_parked
from gateway.ledger.shapes import ACTION
from gateway.ledger.tables import actions, handoffs, messages, reports
from gateway.ledger.values import ActionRow, ExampleRow, NewHandoff, ParkedRow
from gateway.ledger.writing import handoff_parameters, insert_late_handoffs, routed
from schemas.base import Json
from schemas.errors import Conflict
from schemas.handoff import NOT_OURS, HandoffState

REROUTE, REROUTE_ASKS, REROUTE_ENDS = "reroute", "reroute_asks", "reroute_ends"
_REPORT = (
    select(reports.c.channel, reports.c.messages)
    .where(reports.c.id == bindparam("report"), reports.c.erased_at.is_(None))
    .with_for_update()
)
_REACHED = select(handoffs.c.destination).where(
    handoffs.c.report_id == bindparam("report"), handoffs.c.state != word(HandoffState.CANCELLED.value)
)
_FIRST = (messages.c.report_id == bindparam("report")) & (messages.c.sequence == 0)
_OWED = select(messages.c.routed).where(_FIRST)
_OWE = update(messages).where(_FIRST).values(routed=bindparam("destinations"))


def send_onward(
    conn: Connection,
    report_id: UUID,
    new: NewHandoff,
    actor: str,
    now: datetime,
    detail: Mapping[str, Json],
    settles: UUID | None = None,
) -> bool:
    """Owe a report to one destination more, with the history of why; False when it is erased or has been there.

    `settles` is the refusal that it follows from; one that was settled before does nothing. A handoff that was refused
    when it was delivered is then cancelled. What a person sends on settles the refusals that waited for a person.
    """
    if settles is not None and not settle(conn, settles, SENT, now):
        return True
    report = conn.execute(_REPORT, {"report": report_id}).first()
    reached = set(conn.execute(_REACHED, {"report": report_id}).scalars())
    if report is None or new.destination in reached:
        if settles is not None:
            told = "the report was at that destination before, or is erased"
            raise Conflict(told, cause="was_there", about=new.destination)
        return False
    if settles is None:
        answer_asked(conn, report_id, SENT, now)
    else:
        cancel(conn, refused_handoff(conn, settles), actor, NOT_OURS, now)
    insert_late_handoffs(conn, [handoff_parameters(new, report_id, report.channel, 0, report.messages - 1)])
    owed = conn.execute(_OWED, {"report": report_id}).scalar_one()
    destinations = [*(owed.split(",") if owed else ()), new.destination]
    conn.execute(_OWE, {"report": report_id, "destinations": routed(destinations)})
    note_each(conn, [report_id], REROUTE, actor, now, to=new.destination, **detail)
    return True


def ask_a_person(
    conn: Connection,
    report_id: UUID,
    actor: str,
    now: datetime,
    detail: Mapping[str, Json],
    settles: UUID | None = None,
) -> None:
    """Note that nobody is left to send a report to, or that too many did not take it: that waits for a person."""
    if settles is not None and not settle(conn, settles, ASKED, now):
        return
    note_each(conn, [report_id], REROUTE_ASKS, actor, now, **detail)


def give_up(
    conn: Connection,
    report_id: UUID,
    aside: ParkedRow | None,
    actor: str,
    reason: str,
    now: datetime,
    example: ExampleRow | None = None,
) -> None:
    """Decide that nothing more is to become of a report that waits for a person. Raises Conflict when it does not.

    `example` is kept to learn from, where screening had set the report aside.
    """
    if aside is not None and cancel_parked(conn, [aside.id], actor, reason, now):
        keep_example(conn, example)
        return
    if not answer_asked(conn, report_id, CLOSED, now):
        raise Conflict("the report does not wait for review", cause="decided_meanwhile")
    note_each(conn, [report_id], REROUTE_ENDS, actor, now, reason=reason)


def list_rerouted(conn: Connection, *, after: UUID | None = None, limit: int = 500) -> list[ActionRow]:
    """What was sent on, newest first; `after` is the last id of the page before."""
    query = select(*ACTION.columns).where(actions.c.action == REROUTE).order_by(actions.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(actions.c.id < after)
    return [ACTION.value(row) for row in conn.execute(query)]
