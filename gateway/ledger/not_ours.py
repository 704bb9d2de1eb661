"""Cases that an agency does not take: to be sent on, sent on, or waiting for a person who knows whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.dialects import Both, word
from gateway.ledger.many import Inserts
from gateway.ledger.tables import handoffs, not_ours, reports
from gateway.ledger.values import EventRow
from schemas.handoff import NOT_OURS, HandoffKind, HandoffState
from schemas.status import EventKind

SENT, ASKED, CLOSED = "sent", "asked", "closed"

_NOT_OURS = Inserts(not_ours)
_COLUMNS = (not_ours.c.event_id, not_ours.c.report_id, not_ours.c.handoff_id, not_ours.c.destination, not_ours.c.at)
_OPEN = (
    select(*_COLUMNS, reports.c.tracking_code, reports.c.channel, reports.c.is_priority)
    .join(reports, reports.c.id == not_ours.c.report_id)
    .order_by(reports.c.is_priority.desc(), not_ours.c.at)
    .limit(bindparam("most"))
)
_UNSETTLED = _OPEN.where(not_ours.c.outcome.is_(None))
_ASKED = _OPEN.where(not_ours.c.outcome == word(ASKED), reports.c.erased_at.is_(None))
_SETTLE = (
    update(not_ours)
    .where(not_ours.c.event_id == bindparam("event"), not_ours.c.outcome.is_(None))
    .values(outcome=bindparam("became"), settled_at=bindparam("now"))
)
_ANSWER = (
    update(not_ours)
    .where(not_ours.c.report_id == bindparam("report"), not_ours.c.outcome == word(ASKED))
    .values(outcome=bindparam("became"), settled_at=bindparam("now"))
)


_REFUSED = Both(
    lambda dialect: select(handoffs.c.id, handoffs.c.report_id, handoffs.c.destination).where(
        dialect.among(handoffs.c.id, "ids"), handoffs.c.kind == word(HandoffKind.REPORT.value)
    )
)
_ITS_HANDOFF = (
    select(handoffs.c.id)
    .join(not_ours, not_ours.c.handoff_id == handoffs.c.id)
    .where(
        not_ours.c.event_id == bindparam("event"),
        handoffs.c.state == word(HandoffState.PARKED.value),
        handoffs.c.reason == word(NOT_OURS),
    )
)


@dataclass(frozen=True, slots=True)
class NotOurs:
    """One refusal: by which destination, when, of which report."""

    event_id: UUID
    report_id: UUID
    handoff_id: UUID
    destination: str
    at: datetime
    tracking_code: str
    channel: str
    is_priority: bool


def note_not_ours(conn: Connection, events: Iterable[EventRow]) -> None:
    """Keep those of the events by which a destination says that a case is not its matter."""
    rows: list[dict[str, Any]] = [
        {
            "event_id": event.id,
            "report_id": event.report_id,
            "handoff_id": event.handoff_id,
            "destination": event.destination,
            "at": event.received_at,
        }
        for event in events
        if event.kind is EventKind.NOT_OURS
    ]
    _NOT_OURS.run(conn, rows)


def note_refused(conn: Connection, ends: Iterable[tuple[UUID, UUID, datetime]]) -> None:
    """Keep that destinations refused reports as not their matter: attempt, handoff and time of each."""
    told = {handoff_id: (attempt_id, at) for attempt_id, handoff_id, at in ends}
    if not told:
        return
    rows = conn.execute(_REFUSED.on(conn), {"ids": list(told)})
    _NOT_OURS.run(
        conn,
        [
            {
                "event_id": told[handoff_id][0],
                "report_id": report_id,
                "handoff_id": handoff_id,
                "destination": destination,
                "at": told[handoff_id][1],
            }
            for handoff_id, report_id, destination in rows
        ],
    )


def refused_handoff(conn: Connection, event_id: UUID) -> list[UUID]:
    """The handoff that is parked for this refusal, if it is one that was refused when it was delivered."""
    return list(conn.execute(_ITS_HANDOFF, {"event": event_id}).scalars())


def unsettled(conn: Connection, most: int) -> list[NotOurs]:
    """What nothing was done about yet, oldest first."""
    return [NotOurs(*row) for row in conn.execute(_UNSETTLED, {"most": most})]


def list_asked(conn: Connection, most: int = 200) -> list[NotOurs]:
    """What waits for a person, because no agency is left or too many did not take it."""
    return [NotOurs(*row) for row in conn.execute(_ASKED, {"most": most})]


def settle(conn: Connection, event_id: UUID, became: str, now: datetime) -> bool:
    """Say what became of a refusal; False when something had become of it before."""
    return conn.execute(_SETTLE, {"event": event_id, "became": became, "now": now}).rowcount == 1


def answer_asked(conn: Connection, report_id: UUID, became: str, now: datetime) -> int:
    """A person decided about a report that waited for one. Returns how many refusals that settles."""
    return conn.execute(_ANSWER, {"report": report_id, "became": became, "now": now}).rowcount
