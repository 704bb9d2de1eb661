"""What a reporter does with reports of their own: asks after one, takes one back, wants no more notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from gateway.ledger.additions import add_messages
from gateway.ledger.alike import forget_sketch
from gateway.ledger.case_values import NewEvent
from gateway.ledger.cases import keep_events
from gateway.ledger.dialects import word
from gateway.ledger.known import known_messages
from gateway.ledger.links import followed_by, leave_lead, stir
from gateway.ledger.many import Inserts
from gateway.ledger.notice_values import NewNotice
from gateway.ledger.notices import note_addresses, owe_notices
from gateway.ledger.shapes import HANDOFF, KEY, MESSAGE, PARKED, REPORT
from gateway.ledger.tables import case_watch, handoffs, messages, notices, opt_outs, parked, report_keys, reports
from gateway.ledger.values import HandoffRow, Kept, KeyRow, MessageRow, NewHandoff, NewMessage, ParkedRow, ReportRow
from gateway.ledger.writing import handoff_parameters, insert_handoffs, routed
from schemas.handoff import HandoffKind, HandoffState
from schemas.ids import new_id
from schemas.status import TERMINAL
from schemas.vocabulary import CaseStatus

WITHDRAWN = "withdrawn"

_OPT_OUTS = Inserts(opt_outs)
_TOLD_SO = exists().where(notices.c.report_id == reports.c.id, notices.c.purpose == word(WITHDRAWN))
_OWN = (
    select(*REPORT.columns, *KEY.columns, _TOLD_SO)
    .join(report_keys, report_keys.c.subject_id == reports.c.id)
    .where(reports.c.conversation_key == bindparam("conversation_key"), reports.c.erased_at.is_(None))
    .order_by(reports.c.id.desc())
    .limit(1)
)
_ENDED = (
    _OWN.join(case_watch, case_watch.c.report_id == reports.c.id)
    .where(
        case_watch.c.status.in_(sorted(one.value for one in TERMINAL)), case_watch.c.changed_at >= bindparam("since")
    )
    .order_by(None)
    .order_by(case_watch.c.changed_at.desc())
)
_LOCKED = (
    select(reports.c.tracking_code, reports.c.messages)
    .where(reports.c.id == bindparam("report"), reports.c.erased_at.is_(None))
    .with_for_update()
)
_ITS_HANDOFFS = (
    select(*HANDOFF.columns)
    .where(handoffs.c.report_id == bindparam("report"), handoffs.c.kind != word("notice"))
    .order_by(handoffs.c.id)
)
_ITS_PARKED = select(*PARKED.columns).where(parked.c.report_id == bindparam("report"), parked.c.state == word("parked"))
_ITS_STATUSES = select(case_watch.c.handoff_id, case_watch.c.status_name, case_watch.c.status).where(
    case_watch.c.report_id == bindparam("report"), case_watch.c.status_name.is_not(None)
)
_CANCEL = (
    update(handoffs)
    .where(handoffs.c.id == bindparam("handoff"))
    .values(state=HandoffState.CANCELLED, reason=WITHDRAWN, due_at=None, rung_at=None, updated_at=bindparam("now"))
)
_UNPARK = (
    update(parked)
    .where(parked.c.report_id == bindparam("report"), parked.c.state == word("parked"))
    .values(state="cancelled", closed_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A reporter's report as it stands. `withdrawn`: it was taken back.

    Of one that follows another report, `handoffs` and `statuses` are those of the other, without its references.
    """

    report: ReportRow
    key: KeyRow
    withdrawn: bool
    handoffs: tuple[HandoffRow, ...]
    parked: ParkedRow | None
    statuses: Mapping[UUID, tuple[str, CaseStatus | None]] = field(default_factory=dict)

    def status_of(self, handoff: HandoffRow) -> tuple[str | None, CaseStatus | None]:
        """What the destination last said of it: the status as it came, and as it is known."""
        return self.statuses.get(handoff.id, (None, None))


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The message that takes a report back, and what is told and noted about it."""

    message: MessageRow
    address: bytes | None
    notices: tuple[NewNotice, ...]
    events: tuple[NewEvent, ...] = ()
    """That it was taken back, said at each of its cases."""


def own_report(conn: Connection, conversation_key: bytes, tracking_code: str | None) -> OwnReport | None:
    """The last report of a conversation, or that with the code; None for none, and for one of somebody else."""
    query = _OWN if tracking_code is None else _OWN.where(reports.c.tracking_code == tracking_code)
    row = conn.execute(query, {"conversation_key": conversation_key}).first()
    return _own(conn, row) if row is not None else None


def ended_report(
    conn: Connection, conversation_key: bytes, tracking_code: str | None, since: datetime
) -> OwnReport | None:
    """The report of a conversation that an agency ended last, since then, or that with the code if it is ended."""
    query = _ENDED if tracking_code is None else _ENDED.where(reports.c.tracking_code == tracking_code)
    row = conn.execute(query, {"conversation_key": conversation_key, "since": since}).first()
    return _own(conn, row) if row is not None else None


def _own(conn: Connection, row: Any) -> OwnReport:
    width, wide = len(REPORT.columns), len(REPORT.columns) + len(KEY.columns)
    report, key = REPORT.value(row[:width]), KEY.value(row[width:wide])
    its_parked = conn.execute(_ITS_PARKED, {"report": report.id}).first()
    lead = followed_by(conn, report.id)
    its_handoffs = map(HANDOFF.value, conn.execute(_ITS_HANDOFFS, {"report": lead or report.id}))
    return OwnReport(
        report=report,
        key=key,
        withdrawn=bool(row[wide]),
        handoffs=tuple(replace(row, reference=None) if lead else row for row in its_handoffs),
        parked=PARKED.value(its_parked) if its_parked else None,
        statuses=_statuses(conn, lead or report.id),
    )


def _statuses(conn: Connection, report_id: UUID) -> dict[UUID, tuple[str, CaseStatus | None]]:
    rows = conn.execute(_ITS_STATUSES, {"report": report_id})
    return {row.handoff_id: (row.status_name, CaseStatus(row.status) if row.status else None) for row in rows}


def speak(conn: Connection, message: NewMessage, events: Sequence[NewEvent]) -> Kept:
    """Add what a reporter says of an ended report as a later message of it, with what it means for each of its cases.

    Raises NotFound as `add_messages` does. A message that is here already does nothing, and one that is stale neither.
    """
    [kept] = add_messages(conn, [message])
    if events and not (kept.duplicate or kept.stale):
        keep_events(conn, list(events))
    return kept


def withdraw(conn: Connection, item: Withdrawal) -> Kept:
    """Take a report back: what has surely not arrived is cancelled, who has it or may have it is owed the withdrawal.

    The message is kept with the report; one that is here already does nothing. Something that is being sent just now
    counts as arrived: the withdrawal follows it.
    """
    message = item.message
    code, sequence = conn.execute(_LOCKED, {"report": message.report_id}).one()
    found = known_messages(conn, [message]).get((message.channel, message.message_key))
    if found is not None:
        return Kept(found.report_id, found.tracking_code or "", duplicate=True, sequence=found.sequence)
    owed = _withdrawals(conn, message, sequence)
    insert_handoffs(conn, owed)
    values = {**MESSAGE.parameters(message), "sequence": sequence}
    conn.execute(insert(messages), values | {"routed": routed(row["destination"] for row in owed) or None})
    conn.execute(update(reports).where(reports.c.id == message.report_id).values(messages=sequence + 1))
    conn.execute(_UNPARK, {"report": message.report_id, "now": message.received_at})
    leave_lead(conn, message.report_id, message.received_at)
    forget_sketch(conn, [message.report_id])
    stir(conn, [message.report_id], message.received_at)
    note_addresses(conn, [(message.report_id, item.address, message.received_at)])
    owe_notices(conn, item.notices)
    if item.events:
        keep_events(conn, list(item.events))
    due = tuple((row["destination"], row["id"]) for row in owed)
    return Kept(message.report_id, code, sequence=sequence, handoffs=due)


def silence(conn: Connection, conversation_key: bytes, now: datetime) -> None:
    """Tell this person nothing unasked any more."""
    _OPT_OUTS.run(conn, [{"conversation_key": conversation_key, "since": now}])


def unsilence(conn: Connection, conversation_key: bytes) -> None:
    """Tell this person things again."""
    conn.execute(delete(opt_outs).where(opt_outs.c.conversation_key == conversation_key))


def _withdrawals(conn: Connection, message: MessageRow, sequence: int) -> list[dict[str, Any]]:
    """Cancel what has surely not arrived anywhere; the rows of the withdrawals that the others are owed."""
    its = [HANDOFF.value(row) for row in conn.execute(_ITS_HANDOFFS.with_for_update(), {"report": message.report_id})]
    holders: dict[str, HandoffRow] = {}
    for handoff in its:
        if _surely_absent(handoff):
            conn.execute(_CANCEL, {"handoff": handoff.id, "now": message.received_at})
        elif handoff.kind is HandoffKind.REPORT and handoff.state is not HandoffState.CANCELLED:
            holders[handoff.destination] = handoff
    return [_owed(handoff, message, sequence) for handoff in holders.values()]


def _surely_absent(handoff: HandoffRow) -> bool:
    """Nothing of it arrived, and nobody is sending it."""
    idle = handoff.state in (HandoffState.PENDING, HandoffState.PARKED) and handoff.owner is None
    may_be_there = handoff.uncertain_step is not None or handoff.released or handoff.restored
    return idle and not handoff.progress and not may_be_there


def _owed(handoff: HandoffRow, message: MessageRow, sequence: int) -> dict[str, Any]:
    now = message.received_at
    new = NewHandoff(
        id=new_id(now),
        destination=handoff.destination,
        created_at=now,
        due_at=now,
        kind=HandoffKind.WITHDRAWAL,
        parameters=handoff.parameters,
        priority=handoff.priority,
    )
    return handoff_parameters(new, handoff.report_id, handoff.channel, sequence, sequence)
