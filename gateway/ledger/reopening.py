"""Taking back what was decided in review, as far as nothing of it was handed on yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, or_, select, update

from gateway.ledger.actions import actions_at, note_each
from gateway.ledger.examples import drop_newest_example
from gateway.ledger.not_ours import ASKED, CLOSED
from gateway.ledger.rerouting import REROUTE_ENDS
from gateway.ledger.shapes import PARKED
from gateway.ledger.tables import handoffs, messages, not_ours, parked, report_links, reports
from gateway.ledger.types import JsonText
from gateway.ledger.values import ParkedRow
from schemas.base import Json
from schemas.handoff import HandoffState

RELEASE, GIVE_UP = "release", "cancel_parked"
_CLOSED = select(*PARKED.columns).where(
    parked.c.id == bindparam("parked_id"), parked.c.closed_at == bindparam("at"), parked.c.state == bindparam("as")
)
_ITS_REPORT = (
    select(reports.c.decision)
    .where(
        reports.c.id == bindparam("report"),
        reports.c.erased_at.is_(None),
        ~exists().where(or_(report_links.c.report_id == reports.c.id, report_links.c.lead_id == reports.c.id)),
    )
    .with_for_update()
)
_OWED = (
    select(handoffs.c.state, handoffs.c.owner, handoffs.c.tries, handoffs.c.created_at)
    .where(handoffs.c.report_id == bindparam("report"))
    .with_for_update()
)
_UNOWE = delete(handoffs).where(handoffs.c.report_id == bindparam("report"))
_UNROUTE = (
    update(messages).where(messages.c.report_id == bindparam("report"), messages.c.sequence == 0).values(routed="")
)
_UNDECIDE = (
    update(reports)
    .where(reports.c.id == bindparam("report"))
    .values(decision=bindparam("new_decision", type_=JsonText))
)
_REOPEN = (
    update(parked)
    .where(parked.c.id == bindparam("parked_id"))
    .values(state="parked", closed_at=None, closed_by=None, parked_at=bindparam("now"))
)
_ASK_AGAIN = (
    update(not_ours)
    .where(
        not_ours.c.report_id == bindparam("report"),
        not_ours.c.outcome == CLOSED,
        not_ours.c.settled_at == bindparam("decided"),
    )
    .values(outcome=ASKED, settled_at=None)
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many decisions no longer hold, and how many stay: of these something was begun, or decided since."""

    count: int
    stays: int


def take_back_review(conn: Connection, decided: datetime, by: str, actor: str, now: datetime) -> TakenBack:
    """Let what `by` let go on or gave up at that very moment wait for review again.

    A report goes back as long as nothing of it was begun; a call that was made cannot be unmade. It waits anew: the
    time after which it goes on by itself begins now. What follows another report, or is followed, is unlinked instead.
    """
    count = stays = 0
    for subject, action, detail in actions_at(conn, decided, by, (RELEASE, GIVE_UP, REROUTE_ENDS)):
        done = _takes_back(conn, UUID(subject), action, detail, decided, now)
        if done:
            note_each(conn, [subject], f"{action}.undo", actor, now)
        count, stays = count + done, stays + (not done)
    return TakenBack(count, stays)


def _takes_back(
    conn: Connection, subject: UUID, action: str, detail: Mapping[str, Json], decided: datetime, now: datetime
) -> bool:
    if action == REROUTE_ENDS:
        return conn.execute(_ASK_AGAIN, {"report": subject, "decided": decided}).rowcount > 0
    state = "released" if action == RELEASE else "cancelled"
    row = conn.execute(_CLOSED, {"parked_id": subject, "at": decided, "as": state}).first()
    if row is None:
        return False
    aside = PARKED.value(row)
    if aside.report_id is None and action == RELEASE:
        return False  # a message that was understood by then: its report is there
    if aside.report_id is not None and not _waits_again(conn, aside, aside.report_id, action, detail):
        return False
    conn.execute(_REOPEN, {"parked_id": aside.id, "now": now})
    return True


def _waits_again(conn: Connection, aside: ParkedRow, report_id: UUID, action: str, detail: Mapping[str, Json]) -> bool:
    """Whether nothing of the report was begun: then nobody is owed it any more."""
    report = conn.execute(_ITS_REPORT, {"report": report_id}).first()
    if report is None:
        return False
    owed = conn.execute(_OWED, {"report": report_id}).all()
    if action == GIVE_UP and owed:
        return False
    if not all(_is_untouched(row, aside.closed_at) for row in owed):
        return False
    if action == RELEASE:
        conn.execute(_UNOWE, {"report": report_id})
        conn.execute(_UNROUTE, {"report": report_id})
        decision = {**(report.decision or {}), "route": detail.get("route")}
        conn.execute(_UNDECIDE, {"report": report_id, "new_decision": decision})
    drop_newest_example(conn, report_id)
    return True


def _is_untouched(row: Any, decided: datetime | None) -> bool:
    is_new = row.created_at == decided and row.tries == 0
    return is_new and row.state == HandoffState.PENDING and row.owner is None
