"""What is recorded of cases, put together for their clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, func, select

from gateway.clocks import Asking, History, Outage, Told
from gateway.ledger.dialects import word
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import EVENT
from gateway.ledger.tables import attempts, case_events, handoffs, messages, notices, reports, results
from gateway.ledger.values import EventRow, WatchRow
from gateway.quiet import zone_of
from schemas.handoff import HandoffState, OutcomeKind, ResultSource
from schemas.status import EventKind, EventSource
from schemas.vocabulary import CaseStatus, Classification

OURS = frozenset({"lease_unsure", "internal_error", "worker_died"})
"""Reasons for which an attempt failed on our side: they are no outage of the destination."""

_CASES = Prepared(
    lambda dialect: (
        select(
            handoffs.c.id,
            handoffs.c.state,
            handoffs.c.updated_at,
            reports.c.received_at,
            reports.c.classification,
            reports.c.region_code,
            reports.c.erased_at,
        )
        .join(reports, reports.c.id == handoffs.c.report_id)
        .where(dialect.among(handoffs.c.id, "ids"))
    )
)
_EVENTS = Prepared(
    lambda dialect: (
        select(*EVENT.columns)
        .where(dialect.among(case_events.c.handoff_id, "ids"))
        .order_by(case_events.c.tx, case_events.c.seq)
    )
)
_MESSAGES = Prepared(
    lambda dialect: (
        select(messages.c.report_id, messages.c.received_at)
        .where(dialect.among(messages.c.report_id, "ids"), messages.c.sequence > 0)
        .order_by(messages.c.received_at)
    )
)
_TRIES = Prepared(
    lambda dialect: (
        select(attempts.c.handoff_id, attempts.c.started_at, results.c.outcome, results.c.reason)
        .outerjoin(results, (results.c.attempt_id == attempts.c.id) & (results.c.source == ResultSource.REPLY.value))
        .where(dialect.among(attempts.c.handoff_id, "ids"))
        .order_by(attempts.c.seq)
    )
)
_WITHDRAWN = Prepared(
    lambda dialect: (
        select(handoffs.c.report_id, func.min(handoffs.c.created_at))
        .where(dialect.among(handoffs.c.report_id, "ids"), handoffs.c.kind == word("withdrawal"))
        .group_by(handoffs.c.report_id)
    )
)
_QUESTIONS = Prepared(
    lambda dialect: (
        select(notices.c.notice_key, handoffs.c.state, handoffs.c.updated_at)
        .join(handoffs, handoffs.c.id == notices.c.id)
        .where(dialect.among(notices.c.report_id, "ids"), notices.c.purpose == word("question"))
    )
)


class _Case(NamedTuple):
    id: UUID
    state: str
    updated_at: datetime
    received_at: datetime
    classification: str
    region_code: str | None
    erased_at: datetime | None


class _Try(NamedTuple):
    handoff_id: UUID
    started_at: datetime
    outcome: str | None
    reason: str | None


class _Question(NamedTuple):
    notice_key: str
    state: str
    updated_at: datetime


def histories(conn: Connection, watches: Sequence[WatchRow]) -> dict[UUID, History]:
    """The history of each case by its handoff."""
    of_handoffs = {"ids": [watch.handoff_id for watch in watches]}
    of_reports = {"ids": list({watch.report_id for watch in watches})}
    events: dict[UUID, list[EventRow]] = defaultdict(list)
    for event in map(EVENT.value, _EVENTS.rows(conn, of_handoffs)):
        events[event.handoff_id].append(event)
    heard: dict[UUID, list[datetime]] = defaultdict(list)
    for report_id, at in _MESSAGES.rows(conn, of_reports):
        heard[report_id].append(at)
    tries: dict[UUID, list[_Try]] = defaultdict(list)
    for one in (_Try(*row) for row in _TRIES.rows(conn, of_handoffs)):
        tries[one.handoff_id].append(one)
    asked = {
        question.notice_key: question for question in (_Question(*row) for row in _QUESTIONS.rows(conn, of_reports))
    }
    withdrawn = {row[0]: row[1] for row in _WITHDRAWN.rows(conn, of_reports)}
    rows = {row[0]: _Case(*row) for row in _CASES.rows(conn, of_handoffs)}
    return {
        watch.handoff_id: History(
            accepted_at=rows[watch.handoff_id].received_at,
            classification=_classification(rows[watch.handoff_id].classification),
            zone=zone_of(rows[watch.handoff_id].region_code),
            delivered_at=watch.delivered_at,
            ended_at=_ended(rows[watch.handoff_id], events[watch.handoff_id], withdrawn.get(watch.report_id)),
            told=tuple(sorted(map(_told, events[watch.handoff_id]), key=lambda one: one.at)),
            heard=tuple(heard[watch.report_id]),
            outages=tuple(_outages(tries[watch.handoff_id], watch.delivered_at)),
            askings=tuple(_askings(events[watch.handoff_id], asked)),
        )
        for watch in watches
        if watch.handoff_id in rows
    }


def _told(event: EventRow) -> Told:
    return Told(event.kind, event.at, event.source, CaseStatus(event.status) if event.status else None)


def _classification(text: str) -> Classification:
    known = {each.value: each for each in Classification}
    return known.get(text, Classification.UNKNOWN)


def _ended(row: _Case, events: Iterable[EventRow], withdrawn_at: datetime | None) -> datetime | None:
    """When nothing more was waited for: taken back by the reporter, cancelled, or erased."""
    ends = [event.at for event in events if event.kind is EventKind.WITHDRAWN]
    if withdrawn_at is not None:
        ends.append(withdrawn_at)
    if row.state == HandoffState.CANCELLED:
        ends.append(row.updated_at)
    if row.erased_at is not None:
        ends.append(row.erased_at)
    return min(ends, default=None)


def _outages(tries: Sequence[_Try], delivered_at: datetime | None) -> Iterable[Outage]:
    """From each attempt that the destination did not take to the next one, or to the receipt."""
    for place, one in enumerate(tries):
        failed = one.outcome in (OutcomeKind.DEFERRED, OutcomeKind.UNCERTAIN) and one.reason not in OURS
        if failed:
            following = tries[place + 1].started_at if place + 1 < len(tries) else delivered_at
            yield Outage(one.started_at, following)


def _askings(events: Iterable[EventRow], asked: dict[str, _Question]) -> Iterable[Asking]:
    for event in events:
        notice = asked.get(str(event.id))
        if event.kind is EventKind.QUESTION and event.source is not EventSource.REPORTER and notice is not None:
            told = notice.state == HandoffState.DELIVERED
            given_up = notice.state == HandoffState.CANCELLED
            if not given_up:
                yield Asking(event.at, notice.updated_at if told else None)
