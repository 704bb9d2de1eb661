"""The delivery log: attempts by filter, newest first, in pages that stay fast over millions.

An attempt's id sorts by the time at which it began, so it is both the order and the cursor, and a time is a bound of
ids. Each filter has an index that ends in that id; what filters together with it is looked up row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from gateway.ledger.dialects import Both, word
from gateway.ledger.shapes import ATTEMPT, RESULT
from gateway.ledger.tables import attempts, handoffs, reports, results
from gateway.ledger.values import AttemptRow, ResultRow
from schemas.handoff import HandoffState, OutcomeKind
from schemas.ids import uuid7

_RESULTS_AT_MOST = 4  # of one attempt: one from each source
_NOTHING = bytes(10)
_MOST_REASONS = 20
_LATELY = 4_000
"""So many attempts are looked at for those of a channel, or in a state that is rare, before its own handoffs are."""
_RARE = (HandoffState.PARKED, HandoffState.UNCERTAIN, HandoffState.CANCELLED)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which attempts. None matches all; `since` (included) and `until` (not included) are when they began.

    `reason` is part of a reason's token; `report_ids` are the only reports whose attempts are wanted.
    """

    destination: str | None = None
    channel: str | None = None
    state: HandoffState | None = None
    outcome: OutcomeKind | None = None
    reason: str | None = None
    report_ids: tuple[UUID, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """An attempt with what came of it, beside its report and where its handoff stands now."""

    attempt: AttemptRow
    results: tuple[ResultRow, ...]
    tracking_code: str
    channel: str
    state: HandoffState
    reference: str | None

    @property
    def last(self) -> ResultRow | None:
        """The newest result; None while the attempt is under way."""
        return self.results[-1] if self.results else None


_LINES = Both(
    lambda dialect: (
        select(*ATTEMPT.columns, reports.c.tracking_code, handoffs.c.channel, handoffs.c.state, handoffs.c.reference)
        .join(handoffs, handoffs.c.id == attempts.c.handoff_id)
        .join(reports, reports.c.id == attempts.c.report_id)
        .where(dialect.among(attempts.c.id, "ids"))
        .order_by(attempts.c.id.desc())
    )
)
_RESULTS = Both(
    lambda dialect: select(*RESULT.columns).where(dialect.among(results.c.attempt_id, "ids")).order_by(results.c.seq)
)


def read_log(conn: Connection, wanted: LogFilter, before: UUID | None, limit: int) -> list[LogLine]:
    """Attempts that the filter lets through, newest first; `before` is the last id of the page before."""
    return log_lines(conn, _found(conn, wanted, before, limit))


def log_lines(conn: Connection, attempt_ids: Sequence[UUID]) -> list[LogLine]:
    """These attempts as lines of the log, newest first."""
    if not attempt_ids:
        return []
    ids = {"ids": list(attempt_ids)}
    ends: dict[UUID, list[ResultRow]] = {}
    for row in conn.execute(_RESULTS.on(conn), ids):
        ends.setdefault(row.attempt_id, []).append(RESULT.value(row))
    width = len(ATTEMPT.columns)
    lines = []
    for row in conn.execute(_LINES.on(conn), ids):
        attempt = ATTEMPT.value(row[:width])
        code, channel, state, reference = row[width:]
        its = tuple(ends.get(attempt.id, ()))
        lines.append(LogLine(attempt, its, code, channel, HandoffState(state), reference))
    return lines


def reasons_known(conn: Connection) -> list[str]:
    """Every reason that any attempt ever ended with: one look into the index for each."""
    first = select(func.min(results.c.reason).label("reason")).cte("reasons", recursive=True)
    after = select(func.min(results.c.reason)).where(results.c.reason > first.c.reason)
    every = first.union_all(select(after.correlate(first).scalar_subquery()).where(first.c.reason.is_not(None)))
    return list(conn.execute(select(every.c.reason).where(every.c.reason.is_not(None))).scalars())


def _found(conn: Connection, wanted: LogFilter, before: UUID | None, limit: int) -> list[UUID]:
    if wanted.outcome is None and wanted.reason is None:
        return _by_attempt(conn, wanted, before, limit)
    found: list[UUID] = []
    for reason in _reasons(conn, wanted.reason):
        query = _bounded(_by_result(wanted, reason), results.c.attempt_id, wanted, before)
        query = query.order_by(results.c.attempt_id.desc()).limit(limit * _RESULTS_AT_MOST)
        found.extend(conn.execute(query).scalars())
    return _newest(found, limit)


def _by_attempt(conn: Connection, wanted: LogFilter, before: UUID | None, limit: int) -> list[UUID]:
    if wanted.channel is not None or wanted.state in _RARE:
        return _of_few(conn, wanted, before, limit)
    query = _bounded(select(attempts.c.id), attempts.c.id, wanted, before)
    query = _restricted(query, wanted).order_by(attempts.c.id.desc()).limit(limit)
    return list(conn.execute(query).scalars())


def _of_few(conn: Connection, wanted: LogFilter, before: UUID | None, limit: int) -> list[UUID]:
    """From the newest attempts back; only where those hold too few that fit, all of the handoffs that do.

    The database cannot know that a channel was closed long ago, and would look at every attempt since.
    """
    of_any = replace(wanted, channel=None, state=None)
    newest = _restricted(_bounded(select(attempts), attempts.c.id, wanted, before), of_any)
    late = newest.order_by(attempts.c.id.desc()).limit(_LATELY).subquery()
    query = select(late.c.id).join(handoffs, handoffs.c.id == late.c.handoff_id).order_by(late.c.id.desc())
    found = list(conn.execute(_of_handoffs(query, wanted).limit(limit)).scalars())
    if len(found) == limit:
        return found
    every = _restricted(_bounded(select(attempts.c.id), attempts.c.id, wanted, before), wanted)
    whole = every.offset(0).subquery()  # with an OFFSET, PostgreSQL does not reach for the wrong index to avoid a sort
    return list(conn.execute(select(whole.c.id).order_by(whole.c.id.desc()).limit(limit)).scalars())


def _reasons(conn: Connection, part: str | None) -> Sequence[str | None]:
    """The reasons that hold this part; None alone: any."""
    if part is None:
        return [None]
    known = reasons_known(conn)
    exact = [reason for reason in known if reason == part]
    return exact or [reason for reason in known if part.lower() in reason.lower()][:_MOST_REASONS]


def _by_result(wanted: LogFilter, reason: str | None) -> Select[Any]:
    query = select(results.c.attempt_id)
    if reason is not None:
        query = query.where(results.c.reason == reason)
    if wanted.outcome is not None:
        query = query.where(results.c.outcome == wanted.outcome)
    if (wanted.destination, wanted.channel, wanted.state, wanted.report_ids) == (None, None, None, None):
        return query
    return _restricted(query.join(attempts, attempts.c.id == results.c.attempt_id), wanted)


def _restricted(query: Select[Any], wanted: LogFilter) -> Select[Any]:
    """Only attempts to the destination, of the reports, of handoffs from the channel and in the state."""
    if wanted.destination is not None:
        query = query.where(attempts.c.destination == wanted.destination)
    if wanted.report_ids is not None:
        its = select(handoffs.c.id).where(handoffs.c.report_id.in_(wanted.report_ids))
        query = query.where(attempts.c.handoff_id.in_(its))
    if wanted.channel is None and wanted.state is None:
        return query
    return _of_handoffs(query.join(handoffs, handoffs.c.id == attempts.c.handoff_id), wanted)


def _of_handoffs(query: Select[Any], wanted: LogFilter) -> Select[Any]:
    """Only of handoffs from the channel and in the state."""
    if wanted.channel is not None:
        query = query.where(handoffs.c.channel == wanted.channel)
    if wanted.state is not None:
        query = query.where(handoffs.c.state == word(wanted.state.value))
    return query


def _bounded(query: Select[Any], column: Any, wanted: LogFilter, before: UUID | None) -> Select[Any]:
    if before is not None:
        query = query.where(column < before)
    if wanted.since is not None:
        query = query.where(column >= uuid7(wanted.since, _NOTHING))
    if wanted.until is not None:
        query = query.where(column < uuid7(wanted.until, _NOTHING))
    return query


def _newest(found: Iterable[UUID], limit: int) -> list[UUID]:
    return sorted(set(found), reverse=True)[:limit]
