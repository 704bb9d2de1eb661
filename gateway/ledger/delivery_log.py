"""The delivery log: attempts by filter, newest first, in pages that stay fast over millions.

An attempt's id sorts by the time at which it began, so it is both the order and the cursor, and a time is a bound of
ids. Each filter has an index that ends in that id; what filters together with it is looked up for each, or joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, func, or_, select, text

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
"""So many attempts are looked at one by one before all of them are, from whichever side is the shorter."""
_FEW = 20_000
"""So many handoffs in a state or of a channel are looked up all."""

_PLANNED_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""A plan for whatever channel there may be is wrong for one that was closed long ago."""
_FREE = and_(handoffs.c.state == word("pending"), handoffs.c.owner.is_(None))
_BY_INDEX = or_(
    and_(_FREE, handoffs.c.rung_at.is_(None)),
    and_(_FREE, handoffs.c.rung_at.is_not(None)),
    handoffs.c.owner.is_not(None),
)
"""Every pending handoff, as three partial indexes have them between them; no index has all."""


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


def read_log(
    conn: Connection, wanted: LogFilter, before: UUID | None, limit: int, lately: int = _LATELY
) -> list[LogLine]:
    """Attempts that the filter lets through, newest first; `before` is the last id of the page before.

    `lately` is how many are looked at one by one first; it changes how long this takes, never what is found.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(_PLANNED_ANEW)
    return log_lines(conn, _found(conn, wanted, before, limit, lately))


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


def _found(conn: Connection, wanted: LogFilter, before: UUID | None, limit: int, lately: int) -> list[UUID]:
    if wanted.outcome is None and wanted.reason is None:
        way = _Way(_of_attempts(wanted, before), attempts.c.id, lately)
        return _newest(_looked_for(conn, way, wanted, limit), limit)
    found: list[UUID] = []
    for reason in _reasons(conn, wanted.reason):
        way = _Way(_of_results(wanted, reason, before), results.c.attempt_id, lately)
        found.extend(_looked_for(conn, way, wanted, limit))
    return _newest(found, limit)


@dataclass(frozen=True, slots=True)
class _Way:
    """Attempts by an index that has them in their order: of a destination or of all, or by outcome and reason."""

    query: Select[Any]
    column: Column[Any]
    lately: int

    @property
    def newest_first(self) -> Select[Any]:
        """The query in its order."""
        return self.query.order_by(self.column.desc())

    @property
    def is_by_result(self) -> bool:
        """Whether an attempt may be there several times, once with each of its results."""
        return self.column is results.c.attempt_id

    def rows(self, attempts_wanted: int) -> int:
        """How many rows surely hold so many attempts."""
        return attempts_wanted * (_RESULTS_AT_MOST if self.is_by_result else 1)


def _of_attempts(wanted: LogFilter, before: UUID | None) -> Select[Any]:
    query = _bounded(select(attempts.c.id, attempts.c.handoff_id), attempts.c.id, wanted, before)
    return query if wanted.destination is None else query.where(attempts.c.destination == wanted.destination)


def _of_results(wanted: LogFilter, reason: str | None, before: UUID | None) -> Select[Any]:
    query = _bounded(select(results.c.attempt_id), results.c.attempt_id, wanted, before)
    if reason is not None:
        query = query.where(results.c.reason == reason)
    return query if wanted.outcome is None else query.where(results.c.outcome == wanted.outcome)


def _looked_for(conn: Connection, way: _Way, wanted: LogFilter, limit: int) -> list[UUID]:
    """The newest on the way that fit.

    The database cannot know that a channel was closed long ago, or that it never leads to a destination, and in the
    hope of an early end would look up every attempt since. So the newest are looked at first; where these hold too few
    that fit, the second look has no end to hope for.
    """
    if _is_whole(way, wanted):
        return list(conn.execute(way.newest_first.limit(way.rows(limit))).scalars())
    between = _ends_of(conn, wanted.channel) if wanted.channel is not None else None
    found: list[UUID] = []
    if wanted.report_ids is None:
        last = conn.execute(way.newest_first.offset(way.lately - 1).limit(1)).scalar()
        if last is None or between is None or between[1] > last:
            found = _among_the_newest(conn, way, wanted, way.rows(limit))
            if last is None or len(set(found)) >= limit:
                return found
            way = replace(way, query=way.query.where(way.column <= last))
    if not _are_few(conn, wanted):
        near = _fitting(way, wanted).order_by(way.column.desc()).limit(way.rows(limit))
        return found + list(conn.execute(near).scalars())
    return found + _among_all(conn, way, wanted, way.rows(limit), between)


def _are_few(conn: Connection, wanted: LogFilter) -> bool:
    """Whether to look up every handoff in question. Not where a state has many: then the next that fit are near."""
    if wanted.state is None or wanted.report_ids is not None:
        return True
    ids, sides = select(handoffs.c.id).offset(_FEW).limit(1), []
    if wanted.channel is not None:
        sides.append(ids.where(handoffs.c.channel == wanted.channel))
    if wanted.state is not HandoffState.DELIVERED:
        sides.append(_in_state(ids, wanted.state))
    return any(conn.execute(side).first() is None for side in sides)


def _ends_of(conn: Connection, channel: str) -> tuple[UUID, UUID]:
    """The first and the last handoff of a channel, between which all of them lie; the least of ids for one without."""
    its = select(handoffs.c.id).where(handoffs.c.channel == channel)
    ends = (conn.execute(its.order_by(end).limit(1)).scalar() for end in (handoffs.c.id, handoffs.c.id.desc()))
    first, last = (end or UUID(int=0) for end in ends)
    return first, last


def _is_whole(way: _Way, wanted: LogFilter) -> bool:
    """Whether all on the way fit."""
    is_of_destination = wanted.destination is None or not way.is_by_result
    return (wanted.channel, wanted.state, wanted.report_ids) == (None, None, None) and is_of_destination


def _among_the_newest(conn: Connection, way: _Way, wanted: LogFilter, limit: int) -> list[UUID]:
    late = way.newest_first.limit(way.lately).subquery()
    identity = late.c[way.column.name]
    query = select(identity).order_by(identity.desc()).limit(limit)
    if not way.is_by_result:
        return list(conn.execute(_of_handoffs(query, late.c.handoff_id, wanted)).scalars())
    query = _to_destination(query.join(attempts, attempts.c.id == identity), wanted)
    return list(conn.execute(_of_handoffs(query, attempts.c.handoff_id, wanted)).scalars())


def _among_all(
    conn: Connection, way: _Way, wanted: LogFilter, limit: int, between: tuple[UUID, UUID] | None
) -> list[UUID]:
    query = _fitting(way, wanted)
    if between is not None:
        query = query.where(attempts.c.handoff_id.between(*between))  # read in one go, not one by one
    if wanted.state is HandoffState.PENDING:
        query = query.where(_BY_INDEX)
    whole = query.offset(0).subquery()  # with an OFFSET, PostgreSQL does not count on finding `limit` of them early
    identity = whole.c[way.column.name]
    return list(conn.execute(select(identity).order_by(identity.desc()).limit(limit)).scalars())


def _fitting(way: _Way, wanted: LogFilter) -> Select[Any]:
    query = way.query.with_only_columns(way.column)
    if way.is_by_result:
        query = _to_destination(query.join(attempts, attempts.c.id == way.column), wanted)
    return _of_handoffs(query, attempts.c.handoff_id, wanted)


def _reasons(conn: Connection, part: str | None) -> Sequence[str | None]:
    """The reasons that hold this part; None alone: any."""
    if part is None:
        return [None]
    known = reasons_known(conn)
    exact = [reason for reason in known if reason == part]
    return exact or [reason for reason in known if part.lower() in reason.lower()][:_MOST_REASONS]


def _to_destination(query: Select[Any], wanted: LogFilter) -> Select[Any]:
    return query if wanted.destination is None else query.where(attempts.c.destination == wanted.destination)


def _of_handoffs(query: Select[Any], handoff_id: ColumnElement[Any], wanted: LogFilter) -> Select[Any]:
    """Only of the reports, and of handoffs from the channel and in the state."""
    if wanted.report_ids is not None:
        its = select(handoffs.c.id).where(handoffs.c.report_id.in_(wanted.report_ids))
        query = query.where(handoff_id.in_(its))
    if wanted.channel is None and wanted.state is None:
        return query
    query = query.join(handoffs, handoffs.c.id == handoff_id)
    if wanted.channel is not None:
        query = query.where(handoffs.c.channel == wanted.channel)
    return query if wanted.state is None else query.where(handoffs.c.state == word(wanted.state.value))


def _in_state(query: Select[Any], state: HandoffState) -> Select[Any]:
    query = query.where(handoffs.c.state == word(state.value))
    return query.where(_BY_INDEX) if state is HandoffState.PENDING else query


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
