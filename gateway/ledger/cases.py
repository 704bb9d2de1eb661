"""Keeps what destinations say about cases, once each, and moves each case's state with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.casestate import CaseState, Said, after_event
from gateway.ledger.case_values import HeldCase, KeptEvent
from gateway.ledger.dialects import Both, word
from gateway.ledger.many import Inserts
from gateway.ledger.shapes import EVENT, HANDOFF, KEY, WATCH
from gateway.ledger.tables import case_events, case_watch, handoffs, report_keys, reports
from gateway.ledger.values import EventRow, WatchRow
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
    )
)
_CASES = (
    select(*HANDOFF.columns, *KEY.columns, reports.c.tracking_code, reports.c.channel)
    .join(reports, reports.c.id == handoffs.c.report_id)
    .join(report_keys, report_keys.c.subject_id == reports.c.id)
    .where(handoffs.c.kind == word("report"))
    .order_by(handoffs.c.id.desc())
)


def keep_events(conn: Connection, items: list[EventRow]) -> list[KeptEvent]:
    """Keep events, each once by handoff and key, and move their cases; in the order of the items.

    An event that is late by its destination's own order is kept and moves nothing. Run again with the same items, it
    answers the same.
    """
    watches = _watches(conn, items)
    before = set(conn.execute(_STANDING.on(conn), {"ids": [item.id for item in items]}).scalars())
    _EVENTS.run(conn, [EVENT.parameters(item) for item in sorted(items, key=lambda item: item.handoff_id)])
    standing = set(conn.execute(_STANDING.on(conn), {"ids": [item.id for item in items]}).scalars())
    new: dict[UUID, list[EventRow]] = defaultdict(list)
    for item in items:
        if item.id in standing - before:
            new[item.handoff_id].append(item)
    moved = [_moved(watches[handoff_id], events) for handoff_id, events in new.items()]
    if moved:
        conn.execute(_MOVE, [_parameters(watch) for watch in moved])
    return [KeptEvent(item.id, item.id in standing) for item in items]


def find_case(conn: Connection, destination: str, names: Sequence[str], report_id: UUID | None) -> HeldCase | None:
    """The case that a destination means: by report id, tracking code, or its own reference."""
    queries = [_CASES.where(handoffs.c.report_id == report_id)] if report_id else []
    queries += [_CASES.where(reports.c.tracking_code == name) for name in names]
    queries += [_CASES.where(handoffs.c.reference == name) for name in names]
    for query in queries:
        row = conn.execute(query.where(handoffs.c.destination == destination).limit(1)).first()
        if row is not None:
            return _held(row)
    return None


def cases_of_report(conn: Connection, report_id: UUID) -> list[HeldCase]:
    """The report's cases, one for each handoff of the report itself, oldest first."""
    rows = conn.execute(_CASES.where(handoffs.c.report_id == report_id)).all()
    return [_held(row) for row in reversed(rows)]


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


def _moved(watch: WatchRow, events: Sequence[EventRow]) -> WatchRow:
    state = CaseState(watch.status_name, watch.status_at, watch.status_sequence, watch.asked_at, watch.closed)
    latest = watch.changed_at
    for event in sorted(events, key=lambda event: (event.at, event.sequence or 0)):
        said = Said(event.kind, event.at, event.status_name, event.sequence)
        state = after_event(state, said)
        latest = max(latest, event.received_at)
    return replace(
        watch,
        status_name=state.status_name,
        status=status_of(state.status_name) if state.status_name is not None else None,
        status_at=state.at,
        status_sequence=state.sequence,
        asked_at=state.asked_at,
        closed=state.closed,
        changed_at=latest,
        next_poll_at=_next_poll(watch, events, latest),
    )


def _next_poll(watch: WatchRow, events: Sequence[EventRow], now: datetime) -> datetime | None:
    """A case that was closed is asked about again when its reporter reopens it."""
    reopened = any(event.kind is EventKind.REOPENED for event in events)
    return now if reopened and watch.polls and watch.next_poll_at is None else watch.next_poll_at


def _parameters(watch: WatchRow) -> dict[str, Any]:
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
    }
