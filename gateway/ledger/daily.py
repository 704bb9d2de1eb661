"""What the report of a day is made from: counts between two moments, by ids and times that have an index."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from gateway.daily.day import DAYS_BEFORE, HOURS, Cause, Day, bounds
from gateway.ledger.dialects import word
from gateway.ledger.tables import attempts, case_clocks, handoffs, reports, results
from schemas.ids import uuid7

_NOTHING = bytes(10)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MOST_CAUSES = 10


def read_day(conn: Connection, day: date, now: datetime) -> Day:
    """The figures of a day, as they are now. Notices to reporters are no handoffs of it."""
    since, until = bounds(day)
    return Day(
        date=day,
        made_at=now,
        reports=_reports(conn, since, until),
        hours=tuple(_received(conn, since + hour * _HOUR, since + (hour + 1) * _HOUR) for hour in range(HOURS)),
        handoffs=_handoffs(conn, since, until),
        outcomes=_outcomes(conn, since, until),
        causes=_causes(conn, since, until),
        broken=_broken(conn, since, until),
        before=tuple(_received(conn, since - back * _DAY, until - back * _DAY) for back in range(1, DAYS_BEFORE + 1)),
    )


def _received(conn: Connection, since: datetime, until: datetime) -> int:
    query = select(func.count()).where(reports.c.received_at >= since, reports.c.received_at < until)
    return conn.execute(query).scalar_one()


def _reports(conn: Connection, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
    of = (reports.c.channel, reports.c.verdict)
    query = select(*of, func.count()).where(reports.c.received_at >= since, reports.c.received_at < until)
    return _nested(conn, query.group_by(*of).order_by(*of))


def _handoffs(conn: Connection, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
    of = (handoffs.c.destination, handoffs.c.state)
    query = select(*of, func.count()).where(*_made(since, until)).group_by(*of).order_by(*of)
    return _nested(conn, query)


def _outcomes(conn: Connection, since: datetime, until: datetime) -> dict[str, dict[str, int]]:
    of = (attempts.c.destination, results.c.outcome)
    query = (
        select(*of, func.count())
        .join(results, results.c.attempt_id == attempts.c.id)
        .where(*_between(attempts.c.id, since, until), attempts.c.destination.not_like("@%"))
        .group_by(*of)
        .order_by(*of)
    )
    return _nested(conn, query)


def _causes(conn: Connection, since: datetime, until: datetime) -> tuple[Cause, ...]:
    of, many = (handoffs.c.destination, func.coalesce(handoffs.c.reason, "")), func.count()
    query = select(*of, many).where(handoffs.c.state == word("parked"), *_made(since, until)).group_by(*of)
    return tuple(Cause(*row) for row in conn.execute(query.order_by(many.desc(), *of).limit(_MOST_CAUSES)))


def _broken(conn: Connection, since: datetime, until: datetime) -> dict[str, int]:
    clock = case_clocks.c
    query = select(clock.destination, func.count()).where(
        clock.state == word("broken"), clock.deadline_at >= since, clock.deadline_at < until
    )
    return {name: count for name, count in conn.execute(query.group_by(clock.destination))}  # noqa: C416 - a row is no pair


def _made(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*_between(handoffs.c.id, since, until), handoffs.c.destination.not_like("@%"))


def _between(column: Any, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Ids sort by the time at which they were made."""
    return column >= uuid7(since, _NOTHING), column < uuid7(until, _NOTHING)


def _nested(conn: Connection, query: Any) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for outer, inner, count in conn.execute(query):
        found[outer][inner] = count
    return dict(found)
