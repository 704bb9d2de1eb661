"""Work that is no handoff yet: messages not understood, reports held or without a destination."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import Both, word
from gateway.ledger.examples import keep_example
from gateway.ledger.shapes import KEY, PARKED
from gateway.ledger.tables import messages, parked, report_keys, reports
from gateway.ledger.types import JsonText
from gateway.ledger.values import ExampleRow, KeyRow, NewHandoff, ParkedRow
from gateway.ledger.writing import handoff_parameters, insert_late_handoffs, routed
from schemas.base import Json
from schemas.errors import Invalid
from schemas.handoff import ParkStage

_OPEN = parked.c.state == word("parked")
_ONE = select(*PARKED.columns).where(parked.c.id == bindparam("parked_id"))
_CLOSE = (
    update(parked)
    .where(parked.c.id == bindparam("parked_id"), _OPEN)
    .values(state="released", closed_at=bindparam("now"), closed_by=bindparam("actor"))
)
_CANCEL = Both(
    lambda dialect: (
        update(parked)
        .where(dialect.among(parked.c.id, "ids"), _OPEN)
        .values(state="cancelled", closed_at=bindparam("now"), closed_by=bindparam("actor"))
        .returning(parked.c.id)
    )
)
_REPORT = (
    select(reports.c.channel, reports.c.messages, reports.c.decision)
    .where(reports.c.id == bindparam("report"), reports.c.erased_at.is_(None))
    .with_for_update()
)
_ROUTE = (
    update(messages)
    .where(messages.c.report_id == bindparam("report"), messages.c.sequence == 0)
    .values(routed=bindparam("destinations"))
)
_DECIDED = (
    update(reports)
    .where(reports.c.id == bindparam("report"))
    .values(decision=func.coalesce(bindparam("new_decision", type_=JsonText), reports.c.decision))
)


def only_of(query: Select[Any], stage: ParkStage | None, channel: str | None) -> Select[Any]:
    """Those that were set aside at a stage, and came by a channel; None is any."""
    for column, value in ((parked.c.stage, stage), (parked.c.channel, channel)):
        if value is not None:
            query = query.where(column == value)
    return query


def list_parked(
    conn: Connection,
    *,
    stage: ParkStage | None = None,
    channel: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[ParkedRow]:
    """What is set aside and open, newest first; `after` is the last id of the page before."""
    query = only_of(select(*PARKED.columns).where(_OPEN), stage, channel).order_by(parked.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(parked.c.id < after)
    return [PARKED.value(row) for row in conn.execute(query)]


def show_parked(conn: Connection, parked_id: UUID) -> tuple[ParkedRow, KeyRow | None] | None:
    """One, open or not, and the key that it lies under."""
    row = conn.execute(_ONE, {"parked_id": parked_id}).first()
    if row is None:
        return None
    found = PARKED.value(row)
    subject = found.report_id or found.id
    key = conn.execute(select(*KEY.columns).where(report_keys.c.subject_id == subject)).first()
    return found, KEY.value(key) if key else None


def release_parked(
    conn: Connection,
    parked_id: UUID,
    new_handoffs: Sequence[NewHandoff],
    actor: str,
    now: datetime,
    *,
    decision: Json = None,
    example: ExampleRow | None = None,
) -> bool:
    """Let a parked report go to destinations after all; False when it is not parked (any more).

    `decision` replaces the report's, if given; `example` is kept to learn from. A part that was not understood has no
    report: keep what it turned out to be, then release it without handoffs. Raises Invalid when a report is given no
    destination.
    """
    row = conn.execute(_ONE, {"parked_id": parked_id}).first()
    if row is None:
        return False
    found = PARKED.value(row)
    report = conn.execute(_REPORT, {"report": found.report_id}).first() if found.report_id else None
    if found.report_id and (report is None or not new_handoffs):
        told = "name at least one destination for the report; one that is erased goes nowhere"
        raise Invalid(told, cause="goes_nowhere")
    if conn.execute(_CLOSE, {"parked_id": parked_id, "now": now, "actor": actor}).rowcount != 1:
        return False
    if found.report_id and report:
        _hand_off(conn, found.report_id, report, new_handoffs, decision)
    destinations = [new.destination for new in new_handoffs]
    detail: dict[str, Json] = {"stage": found.stage.value, "destinations": list[Json](destinations)}
    note_each(conn, [parked_id], "release", actor, now, **detail, **_route_before(report))
    keep_example(conn, example)
    return True


def cancel_parked(conn: Connection, ids: Sequence[UUID], actor: str, reason: str, now: datetime) -> int:
    """Decide that nothing is to become of parked work. Returns how many were open."""
    if not ids:
        return 0
    done = conn.execute(_CANCEL.on(conn), {"ids": list(ids), "now": now, "actor": actor}).scalars().all()
    note_each(conn, done, "cancel_parked", actor, now, reason=reason)
    return len(done)


def _route_before(report: Any) -> dict[str, Json]:
    """How it was routed before, for whoever takes the release back; nothing where it was not."""
    decision = report.decision if report is not None else None
    return {"route": decision["route"]} if isinstance(decision, dict) and decision.get("route") else {}


def _hand_off(
    conn: Connection, report_id: UUID, report: Any, new_handoffs: Sequence[NewHandoff], decision: Json
) -> None:
    last = report.messages - 1
    insert_late_handoffs(conn, [handoff_parameters(new, report_id, report.channel, 0, last) for new in new_handoffs])
    conn.execute(_ROUTE, {"report": report_id, "destinations": routed(new.destination for new in new_handoffs)})
    conn.execute(_DECIDED, {"report": report_id, "new_decision": decision})
