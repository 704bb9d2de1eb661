"""Adds later messages to a report, so that they reach every destination that has the report or is about to get it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Executable, LargeBinary, bindparam, func, insert, select, update

from gateway.ledger.dialects import Both, word
from gateway.ledger.known import Found, Known, known_messages
from gateway.ledger.links import linked_among, stir_self
from gateway.ledger.notices import call_off, note_addresses, owe_notices
from gateway.ledger.shapes import MESSAGE
from gateway.ledger.tables import handoffs, messages, parked, reports
from gateway.ledger.types import JsonText
from gateway.ledger.values import Filed, FileRow, Kept, NewHandoff, NewMessage
from gateway.ledger.writing import handoff_parameters, insert_files, insert_late_handoffs, routed
from schemas.base import Json
from schemas.errors import NotFound
from schemas.handoff import HandoffKind, HandoffState
from schemas.ids import new_id
from schemas.notice import NoticePurpose

_LOCKED = Both(
    lambda dialect: (
        select(
            reports.c.id,
            reports.c.tracking_code,
            reports.c.channel,
            reports.c.messages,
            reports.c.last_message_at,
        )
        .where(dialect.among(reports.c.id, "ids"), reports.c.erased_at.is_(None))
        .order_by(reports.c.id)
        .with_for_update()
    )
)
_OWED = Both(
    lambda dialect: (
        select(
            handoffs.c.report_id,
            handoffs.c.id,
            handoffs.c.destination,
            handoffs.c.parameters,
            handoffs.c.priority,
            handoffs.c.state,
            handoffs.c.owner,
            handoffs.c.tries,
            handoffs.c.restored,
        )
        .where(dialect.among(handoffs.c.report_id, "ids"), handoffs.c.kind == word("report"))
        .order_by(handoffs.c.id)
        .with_for_update()
    )
)
_WAITING = Both(
    lambda dialect: select(parked.c.report_id).where(
        dialect.among(parked.c.report_id, "ids"), parked.c.state == word("parked")
    )
)
_ADD = insert(messages).inline()
_MOVE_ON = (
    update(reports)
    .where(reports.c.id == bindparam("report"))
    .values(
        messages=bindparam("count"),
        last_message_at=bindparam("at"),
        sealed_report=func.coalesce(bindparam("new_sealed_report", type_=LargeBinary), reports.c.sealed_report),
        decision=func.coalesce(bindparam("new_decision", type_=JsonText), reports.c.decision),
        classification=func.coalesce(bindparam("new_classification"), reports.c.classification),
        category_id=func.coalesce(bindparam("new_category_id"), reports.c.category_id),
        region_code=func.coalesce(bindparam("new_region_code"), reports.c.region_code),
    )
)
_RIDE = (
    update(handoffs)
    .where(handoffs.c.id == bindparam("handoff"))
    .values(last_sequence=bindparam("sequence"), due_at=bindparam("due"), rung_at=None, updated_at=bindparam("at"))
)
_ROUTE = (
    update(messages)
    .where(messages.c.report_id == bindparam("report"), messages.c.sequence == 0)
    .values(routed=bindparam("destinations"))
)
_UNPARK = (
    update(parked)
    .where(parked.c.report_id == bindparam("report"), parked.c.state == word("parked"))
    .values(state="released", closed_at=bindparam("at"))
)


@dataclass(slots=True)
class _Target:
    """A handoff of the report itself. `rides`: it has not begun, so that a later message can still go with it."""

    id: UUID
    destination: str
    parameters: dict[str, Any]
    priority: int
    rides: bool


@dataclass(slots=True)
class _Thread:
    """A report while messages are added to it. `leads_on`: it is owed to somebody, or parked until someone decides.

    `follows`: it is linked to another report, to which its messages are passed on afterwards.
    """

    report_id: UUID
    tracking_code: str
    channel: str
    count: int
    last_message_at: datetime
    targets: list[_Target] = field(default_factory=list)
    leads_on: bool = True
    follows: bool = False
    decision: Json = None
    filed: Filed | None = None
    grew: bool = False


@dataclass(slots=True)
class _Plan:
    """What is to be written, in the order of the statements."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    files: list[FileRow] = field(default_factory=list)
    handoffs: list[dict[str, Any]] = field(default_factory=list)
    rides: list[dict[str, Any]] = field(default_factory=list)
    routes: list[dict[str, Any]] = field(default_factory=list)
    unparked: list[dict[str, Any]] = field(default_factory=list)
    added: list[NewMessage] = field(default_factory=list)


def add_messages(conn: Connection, items: list[NewMessage]) -> list[Kept]:
    """Add later messages to their reports; one that is here already is not added again.

    Each takes its report's next sequence number, under the lock of the report. Raises NotFound for a report that is not
    here, is erased, or leads nowhere because all that was owed is cancelled; who gave `expected` is told `stale`.
    """
    threads = _threads(conn, [item.message.report_id for item in items])
    known = known_messages(conn, [item.message for item in items])
    plan = _Plan()
    answers = [_add(item, threads, known, plan) for item in items]
    _write(conn, plan, [thread for thread in threads.values() if thread.grew])
    _tell(conn, plan.added)
    for thread in threads.values():
        if thread.grew and thread.follows:
            stir_self(conn, thread.report_id, thread.last_message_at)
    return answers


def _tell(conn: Connection, added: list[NewMessage]) -> None:
    """What is told because of these messages; what was to be asked is not asked once the report is released."""
    note_addresses(conn, [(item.message.report_id, item.address, item.message.received_at) for item in added])
    for item in added:
        if item.new_handoffs:
            call_off(conn, item.message.report_id, NoticePurpose.ASKED, item.message.received_at)
    owe_notices(conn, [told for item in added for told in item.notices])


def _threads(conn: Connection, report_ids: Iterable[UUID]) -> dict[UUID, _Thread]:
    ids = list(set(report_ids))
    threads = {row.id: _Thread(*row) for row in conn.execute(_LOCKED.on(conn), {"ids": ids})}
    for row in conn.execute(_OWED.on(conn), {"ids": ids}):
        if row.report_id in threads and row.state != HandoffState.CANCELLED:
            threads[row.report_id].targets.append(_target(row))
    bare = [report_id for report_id, thread in threads.items() if not thread.targets]
    waiting = set(conn.execute(_WAITING.on(conn), {"ids": bare}).scalars()) if bare else set()
    following = linked_among(conn, bare)
    for report_id in bare:
        threads[report_id].follows = report_id in following
        threads[report_id].leads_on = report_id in waiting | following
    return threads


def _target(row: Any) -> _Target:
    rides = row.state == HandoffState.PENDING and row.owner is None and row.tries == 0 and not row.restored
    return _Target(row.id, row.destination, row.parameters, row.priority, rides)


def _add(item: NewMessage, threads: dict[UUID, _Thread], known: Known, plan: _Plan) -> Kept:
    message = item.message
    found = known.get((message.channel, message.message_key))
    if found is not None:
        return _kept_before(item, found)
    thread = threads.get(message.report_id)
    if thread is None or not (thread.leads_on or item.aside):
        return _leads_nowhere(item)
    sequence = thread.count
    if item.expected not in (None, sequence):
        return Kept(thread.report_id, thread.tracking_code, sequence=sequence, stale=True)
    made = [] if item.aside else _pass_on(item, thread, sequence, plan)
    owed = routed(row["destination"] for row in made if row["first_sequence"] == sequence) or None
    plan.messages.append({**MESSAGE.parameters(replace(message, sequence=sequence)), "routed": owed})
    plan.files.extend(replace(file, sequence=sequence) for file in item.files)
    plan.handoffs.extend(made)
    plan.added.append(item)
    _grow(thread, item)
    known[message.channel, message.message_key] = Found(
        message.id, message.message_digest, thread.report_id, sequence, thread.tracking_code
    )
    due = tuple((row["destination"], row["id"]) for row in made if row["due_at"] <= message.received_at)
    return Kept(thread.report_id, thread.tracking_code, sequence=sequence, handoffs=due)


def _leads_nowhere(item: NewMessage) -> Kept:
    if item.expected is None:
        raise NotFound("the report leads nowhere any more: keep the message as a report of its own")
    return Kept(item.message.report_id, "", stale=True)


def _kept_before(item: NewMessage, found: Found) -> Kept:
    mine = found.message_id == item.message.id
    conflict = found.message_digest != item.message.message_digest
    return Kept(found.report_id, found.tracking_code or "", not mine, conflict, found.sequence)


def _grow(thread: _Thread, item: NewMessage) -> None:
    thread.count += 1
    thread.grew = True
    if not item.aside:
        thread.last_message_at = max(thread.last_message_at, item.message.received_at)
    thread.decision = item.decision or thread.decision
    thread.filed = item.filed or thread.filed


def _pass_on(item: NewMessage, thread: _Thread, sequence: int, plan: _Plan) -> list[dict[str, Any]]:
    """The new handoffs that this message needs; it rides along with those that have not begun."""
    if not thread.targets:
        return _release(item, thread, sequence, plan)
    made = []
    for target in thread.targets:
        if target.rides:
            at = item.message.received_at
            plan.rides.append({"handoff": target.id, "sequence": sequence, "due": item.due_at, "at": at})
        else:
            made.append(_addition(item, thread, target, sequence))
    return made


def _addition(item: NewMessage, thread: _Thread, target: _Target, sequence: int) -> dict[str, Any]:
    now = item.message.received_at
    new = NewHandoff(
        id=new_id(now),
        destination=target.destination,
        created_at=now,
        due_at=now,
        kind=HandoffKind.ADDITION,
        parameters=target.parameters,
        priority=target.priority,
    )
    return handoff_parameters(new, thread.report_id, thread.channel, sequence, sequence)


def _release(item: NewMessage, thread: _Thread, sequence: int, plan: _Plan) -> list[dict[str, Any]]:
    """The handoffs of a report that was held, or had no destination, until this message."""
    if not item.new_handoffs:
        return []
    destinations = routed(new.destination for new in item.new_handoffs)
    plan.routes.append({"report": thread.report_id, "destinations": destinations})
    plan.unparked.append({"report": thread.report_id, "at": item.message.received_at})
    thread.targets = [
        _Target(new.id, new.destination, dict(new.parameters), new.priority, rides=True) for new in item.new_handoffs
    ]
    return [handoff_parameters(new, thread.report_id, thread.channel, 0, sequence) for new in item.new_handoffs]


def _found_under(filed: Filed | None) -> dict[str, Any]:
    return {f"new_{name}": getattr(filed, name, None) for name in Filed._fields}


def _write(conn: Connection, plan: _Plan, grown: list[_Thread]) -> None:
    insert_files(conn, plan.files)
    insert_late_handoffs(conn, plan.handoffs)
    moves = [
        {
            "report": thread.report_id,
            "count": thread.count,
            "at": thread.last_message_at,
            "new_decision": thread.decision,
            **_found_under(thread.filed),
        }
        for thread in grown
    ]
    statements: list[tuple[Executable, list[dict[str, Any]]]] = [
        (_ADD, plan.messages),
        (_MOVE_ON, moves),
        (_RIDE, plan.rides),
        (_ROUTE, plan.routes),
        (_UNPARK, plan.unparked),
    ]
    for statement, rows in statements:
        if rows:
            conn.execute(statement, rows)
