"""Keeps what destinations say about cases, once each, and moves each case's state with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, bindparam, func, select, update

from gateway.casestate import CaseState, Said, after_event, is_late
from gateway.ledger.case_values import HeldCase, KeptEvent, NewEvent
from gateway.ledger.dialects import Both, word
from gateway.ledger.links import stir
from gateway.ledger.many import Inserts
from gateway.ledger.not_ours import note_not_ours
from gateway.ledger.notice_values import NewNotice
from gateway.ledger.notices import owe_notices
from gateway.ledger.shapes import EVENT, HANDOFF, KEY, REPORT, WATCH
from gateway.ledger.tables import case_events, case_watch, handoffs, report_keys, reports
from gateway.ledger.values import EventRow, ReportRow, WatchRow
from schemas.status import EventKind, status_of

_EVENTS = Inserts(case_events)
_WATCHES = Inserts(case_watch)
_LOCKED = Both(
    lambda dialect: (
        select(*WATCH.columns)
        .where(dialect.among(case_watch.c.handoff_id, "ids"))
        .order_by(case_watch.c.handoff_id)
        .with_for_update()
    )
)
_STANDING = Both(lambda dialect: select(case_events.c.id).where(dialect.among(case_events.c.id, "ids")))
_MOVE = (
    update(case_watch)
    .where(case_watch.c.handoff_id == bindparam("handoff"))
    .values(
        status_name=bindparam("name"),
        status=bindparam("known"),
        status_at=bindparam("at"),
        status_sequence=bindparam("number"),
        asked_at=bindparam("asked"),
        closed=bindparam("is_closed"),
        changed_at=bindparam("changed"),
        next_poll_at=bindparam("poll"),
        clocks_at=bindparam("clocks"),
        reference=func.coalesce(bindparam("told", type_=String), case_watch.c.reference),
    )
)
_CASES = (
    select(*HANDOFF.columns, *KEY.columns, reports.c.tracking_code, reports.c.channel)
    .join(reports, reports.c.id == handoffs.c.report_id)
    .join(report_keys, report_keys.c.subject_id == reports.c.id)
    .where(handoffs.c.kind == word("report"))
    .order_by(handoffs.c.id.desc())
)


_WATCH_OF = case_watch.c.handoff_id == handoffs.c.id


def keep_events(conn: Connection, items: list[NewEvent]) -> list[KeptEvent]:
    """Keep events, each once by handoff and key, move their cases, and owe what their reporters are told of it.

    An event that is late by its destination's own order is kept, moves nothing and is told to nobody. Run again with
    the same items, it answers the same.
    """
    rows = [item.row for item in items]
    ids = {"ids": [row.id for row in rows]}
    watches = _watches(conn, rows)
    before = set(conn.execute(_STANDING.on(conn), ids).scalars())
    _EVENTS.run(conn, [EVENT.parameters(row) for row in sorted(rows, key=lambda row: row.handoff_id)])
    standing = set(conn.execute(_STANDING.on(conn), ids).scalars())
    fresh: dict[UUID, list[NewEvent]] = defaultdict(list)
    for item in items:
        if item.row.id in standing - before:
            fresh[item.row.handoff_id].append(item)
    moves = [_moved(watches[handoff_id], events) for handoff_id, events in fresh.items()]
    if moves:
        conn.execute(_MOVE, [_parameters(move) for move in moves])
        owe_notices(conn, [notice for move in moves for notice in move.notices])
        note_not_ours(conn, [item.row for events in fresh.values() for item in events])
        stir(conn, {move.watch.report_id for move in moves}, max(row.received_at for row in rows))
    return [KeptEvent(row.id, row.id in standing) for row in rows]


def find_case(conn: Connection, destination: str, names: Sequence[str], report_id: UUID | None) -> HeldCase | None:
    """The case that a destination means: by report id, tracking code, or its own reference."""
    queries = [_CASES.where(handoffs.c.report_id == report_id)] if report_id else []
    queries += [_CASES.where(reports.c.tracking_code == name) for name in names]
    queries += [_CASES.where(handoffs.c.reference == name) for name in names]
    queries += [_CASES.join(case_watch, _WATCH_OF).where(case_watch.c.reference == name) for name in names]
    for query in queries:
        row = conn.execute(query.where(handoffs.c.destination == destination).limit(1)).first()
        if row is not None:
            return _held(row)
    return None


def cases_of_report(conn: Connection, report_id: UUID) -> list[HeldCase]:
    """The report's cases, one for each handoff of the report itself, oldest first."""
    rows = conn.execute(_CASES.where(handoffs.c.report_id == report_id)).all()
    return [_held(row) for row in reversed(rows)]


def load_report(conn: Connection, report_id: UUID) -> ReportRow | None:
    """A report's own row."""
    row = conn.execute(select(*REPORT.columns).where(reports.c.id == report_id)).first()
    return REPORT.value(row) if row else None


def _held(row: Any) -> HeldCase:
    width, keys = len(HANDOFF.columns), len(KEY.columns)
    return HeldCase(HANDOFF.value(row[:width]), KEY.value(row[width : width + keys]), row[-2], row[-1])


def _watches(conn: Connection, items: Iterable[EventRow]) -> dict[UUID, WatchRow]:
    """The watches of the cases, locked. One whose receipt is not recorded yet is begun here."""
    cases = {item.handoff_id: item for item in items}
    begun = [WatchRow(one.handoff_id, one.report_id, one.destination, one.received_at) for one in cases.values()]
    _WATCHES.run(conn, [WATCH.parameters(row) for row in sorted(begun, key=lambda row: row.handoff_id)])
    locked = conn.execute(_LOCKED.on(conn), {"ids": list(cases)})
    return {watch.handoff_id: watch for watch in map(WATCH.value, locked)}


@dataclass(frozen=True, slots=True)
class _Move:
    """Where a case stands after new events, and what is owed because of them."""

    watch: WatchRow
    notices: tuple[NewNotice, ...]
    reference: str | None


def _moved(watch: WatchRow, items: Sequence[NewEvent]) -> _Move:
    state = CaseState(watch.status_name, watch.status_at, watch.status_sequence, watch.asked_at, watch.closed)
    notices: list[NewNotice] = []
    in_order = sorted(items, key=lambda item: (item.row.at, item.row.sequence or 0))
    for item in in_order:
        said = Said(item.row.kind, item.row.at, item.row.status_name, item.row.sequence)
        after = after_event(state, said)
        if item.notice is not None and not is_late(state, said) and _is_news(state, after, item.row):
            notices.append(item.notice)
        state = after
    rows = [item.row for item in items]
    latest = max(watch.changed_at, *(row.received_at for row in rows))
    moved = replace(
        watch,
        status_name=state.status_name,
        status=status_of(state.status_name) if state.status_name is not None else None,
        status_at=state.at,
        status_sequence=state.sequence,
        asked_at=state.asked_at,
        closed=state.closed,
        changed_at=latest,
        clocks_at=latest,
        next_poll_at=_next_poll(watch, rows, latest),
    )
    reference = next((item.reference for item in reversed(in_order) if item.reference), None)
    return _Move(moved, tuple(notices), reference)


def _is_news(before: CaseState, after: CaseState, event: EventRow) -> bool:
    """A status that the case has already is told again by no notice."""
    return event.kind is not EventKind.STATUS or before.status_name != after.status_name


def _next_poll(watch: WatchRow, events: Sequence[EventRow], now: datetime) -> datetime | None:
    """A case that was closed is asked about again when its reporter reopens it."""
    reopened = any(event.kind is EventKind.REOPENED for event in events)
    return now if reopened and watch.polls and watch.next_poll_at is None else watch.next_poll_at


def _parameters(move: _Move) -> dict[str, Any]:
    watch = move.watch
    return {
        "handoff": watch.handoff_id,
        "name": watch.status_name,
        "known": watch.status,
        "at": watch.status_at,
        "number": watch.status_sequence,
        "asked": watch.asked_at,
        "is_closed": watch.closed,
        "changed": watch.changed_at,
        "poll": watch.next_poll_at,
        "clocks": watch.clocks_at,
        "told": move.reference,
    }
