"""Finds attempts by a filter of the delivery log, newest first, from where the fewest have to be looked at.

An attempt's id sorts by the time at which it began, so it is the order of the log, and indexes that end in it have
attempts in that order from two sides: by destination and channel, and by what came of them. The newest of the side
that reaches farther back with them are held against the rest of the filter; as long as that does not fill the page,
four times as many are taken next. Where no more handoffs than these are in question, all of them are taken instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Select, select, text, union_all

from gateway.ledger.log_filter import Asked, LogFilter, asked_of, fitting, of_handoffs
from gateway.ledger.tables import attempts, handoffs, results
from schemas.handoff import HandoffState

AT_FIRST = 1_000
_MORE = 4
_MOST_REASONS = 20
"""Where a part of a reason stands in more of them, the attempts themselves are gone through."""
_PLANNED = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('random_page_cost', '1.1', true)"
)
"""A plan for whatever channel there may be is wrong for one that was closed long ago; and a look-up costs no seek."""


def find_attempts(conn: Connection, wanted: LogFilter, before: UUID | None, limit: int, at_first: int) -> list[UUID]:
    """The newest attempts that the filter lets through, `limit` at most, begun before this one.

    `at_first` is how many are looked at first; it changes how long this takes, never what is found.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(_PLANNED)
    asked = asked_of(conn, wanted, before)
    if asked.reasons == []:
        return []
    sides = _sides(asked)
    found: list[UUID] = []
    count = at_first
    while len(found) < limit:
        if _are_few(conn, wanted, count * _MORE):
            ended = replace(asked, wanted=LogFilter(outcome=wanted.outcome))
            return found + fitting(conn, ended, _of_handoffs(asked), limit - len(found))
        side, end = _thinnest(conn, sides, asked, count)
        stretch = replace(asked, since=end) if end else asked
        found += fitting(conn, side.rest, side.newest(stretch, count), limit - len(found))
        if end is None:
            break
        asked, count = replace(asked, before=end), count * _MORE
    return found


@dataclass(frozen=True, slots=True)
class _Side:
    """Attempts in the order of the log. An index has what each of the queries gives; `column` is the attempts' id.

    `rest` is what is asked for beside.
    """

    column: Column[Any]
    queries: tuple[Select[Any], ...]
    rest: Asked

    def newest(self, asked: Asked, count: int) -> Select[Any]:
        """The ids of the newest so many, one of them several times where it has several results."""
        parts = [query.where(*asked.within(self.column)).limit(count) for query in self.queries]
        if len(parts) == 1:
            return parts[0]
        rows = union_all(*(select(part.subquery()) for part in parts)).subquery()
        return select(rows.c.id).order_by(rows.c.id.desc()).limit(count)


def _sides(asked: Asked) -> list[_Side]:
    wanted = asked.wanted
    of_others = replace(asked, wanted=replace(wanted, destination=None, channel=None))
    by_attempt = _Side(attempts.c.id, tuple(_of_attempts(wanted)), of_others)
    if (wanted.outcome is None and asked.reasons is None) or len(asked.reasons or ()) > _MOST_REASONS:
        return [by_attempt]
    not_ended = replace(asked, wanted=replace(wanted, outcome=None), reasons=None)
    by_result = _Side(results.c.attempt_id, tuple(_of_results(asked)), not_ended)
    return [by_result] if (wanted.channel, wanted.destination) == (None, None) else [by_result, by_attempt]


def _of_attempts(wanted: LogFilter) -> Iterable[Select[Any]]:
    query = select(attempts.c.id)
    if wanted.destination is not None:
        query = query.where(attempts.c.destination == wanted.destination)
    if wanted.channel is None:
        yield query.order_by(attempts.c.id.desc())
        return
    query = query.order_by(attempts.c.channel.desc(), attempts.c.id.desc())  # for NULLs an index has no other order
    yield query.where(attempts.c.channel == wanted.channel)
    unfilled = query.where(attempts.c.channel.is_(None))
    yield unfilled.join(handoffs, handoffs.c.id == attempts.c.handoff_id).where(handoffs.c.channel == wanted.channel)


def _of_results(asked: Asked) -> Iterable[Select[Any]]:
    """An index has the order only for one outcome at a time, and one reason where there is one."""
    reasons: Sequence[str | None] = asked.reasons or [None]
    query = select(results.c.attempt_id.label("id")).order_by(results.c.attempt_id.desc())
    for reason, outcome in product(reasons, asked.outcomes):
        its = query.where(results.c.outcome == outcome)
        yield its if reason is None else its.where(results.c.reason == reason)


def _thinnest(conn: Connection, sides: Sequence[_Side], asked: Asked, count: int) -> tuple[_Side, UUID | None]:
    """The side whose newest so many reach farthest back, and the last of these; None: it has not so many."""
    ends: list[tuple[UUID, _Side]] = []
    for side in sides:
        end = _end(conn, side, asked, count)
        if end is None:
            return side, None
        ends.append((end, side))
    farthest, thinnest = min(ends, key=lambda each: each[0])
    return thinnest, farthest


def _end(conn: Connection, side: _Side, asked: Asked, count: int) -> UUID | None:
    """The last of the newest so many; None where there are not so many."""
    last: UUID | None = conn.execute(side.newest(asked, count).limit(1).offset(count - 1)).scalar()
    return last


def _are_few(conn: Connection, wanted: LogFilter, count: int) -> bool:
    """Whether there are so few handoffs in question as an index tells; none tells of all that were delivered."""
    if wanted.report_ids is None and wanted.state in (None, HandoffState.DELIVERED):
        return False
    return conn.execute(select(handoffs.c.id).where(*of_handoffs(wanted)).offset(count).limit(1)).first() is None


def _of_handoffs(asked: Asked) -> Select[Any]:
    """The attempts of the handoffs in question.

    With an OFFSET, PostgreSQL does not count on finding some that fit early on a way through all attempts.
    """
    its = attempts.c.handoff_id.in_(select(handoffs.c.id).where(*of_handoffs(asked.wanted)))
    return select(attempts.c.id).where(its, *asked.within(attempts.c.id)).offset(0)
