"""The figures, counted by the database: how many cases reached each state, and how long that took.

When a case reached a state is what the workers recorded of it a few seconds ago at the latest: its receipt, and its
clocks. A quantile is the smallest time that so large a share of cases does not exceed (nearest rank).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    extract,
    func,
    literal_column,
    select,
    type_coerce,
)

from gateway.clocks import ClockKind
from gateway.figures import Dimension, FigureRow, Reached
from gateway.ledger.dialects import word
from gateway.ledger.tables import case_clocks, case_watch, handoffs, reports
from gateway.quiet import WIB

Group = tuple[str, ...]
Columns = Sequence[ColumnElement[Any]]

_NOTHING = Reached(0, None, None)
_MICROSECONDS = 1_000_000
_CLOCKS: Mapping[str, ClockKind] = {
    "verified": ClockKind.VERIFICATION,
    "followed_up": ClockKind.FIRST_FOLLOWUP,
    "resolved": ClockKind.RESOLUTION,
}


def count_figures(
    conn: Connection,
    by: Sequence[Dimension] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    channel: str | None = None,
) -> list[FigureRow]:
    """The figures of every group, sorted by the group; of all cases together when `by` is empty.

    Of reports that were accepted from `since` on and before `until`, of one channel or of all. No case is read by
    itself: what comes back is as long as there are groups.
    """
    groups = [_GROUPS[dimension](conn.dialect.name) for dimension in by]
    cases = _grouped(conn, select(*groups, func.count()).select_from(_CASES), groups, since, until, channel)
    counts: dict[Group, int] = {tuple(row[:-1]): row[-1] for row in cases}
    reached = {"delivered": _reached(conn, groups, case_watch, case_watch.c.delivered_at, since, until, channel)}
    for state, kind in _CLOCKS.items():
        of_kind = and_(case_clocks.c.handoff_id == handoffs.c.id, case_clocks.c.kind == word(kind))
        source, at = case_clocks, case_clocks.c.met_at
        reached[state] = _reached(conn, groups, source, at, since, until, channel, of_kind)
    return [
        FigureRow(group, count, **{state: found.get(group, _NOTHING) for state, found in reached.items()})
        for group, count in sorted(counts.items())
    ]


# Constants are spelled out: a parameter that comes twice is two things to PostgreSQL when it groups by one of them.
_NONE: ColumnElement[str] = literal_column("'-'")
_FIRST: ColumnElement[int] = literal_column("1")
_TWO: ColumnElement[int] = literal_column("2")
_JAKARTA: ColumnElement[str] = literal_column("'Asia/Jakarta'")
_YEAR_AND_MONTH: ColumnElement[str] = literal_column("'YYYY-MM'")
_CASES = handoffs.join(reports, reports.c.id == handoffs.c.report_id)
_GROUPS: Mapping[Dimension, Any] = {
    Dimension.DESTINATION: lambda dialect: handoffs.c.destination,
    Dimension.CHANNEL: lambda dialect: handoffs.c.channel,
    Dimension.CATEGORY: lambda dialect: func.coalesce(cast(reports.c.category_id, String), _NONE),
    Dimension.REGION: lambda dialect: func.substr(func.coalesce(reports.c.region_code, _NONE), _FIRST, _TWO),
    Dimension.PERIOD: lambda dialect: _month(dialect),
}


def _reached(
    conn: Connection,
    groups: Columns,
    source: FromClause,
    at: ColumnElement[datetime],
    since: datetime | None,
    until: datetime | None,
    channel: str | None,
    onto: ColumnElement[bool] | None = None,
) -> dict[Group, Reached]:
    """How many of each group have `at`, and their nearest ranks at a half and nine tenths."""
    took = _microseconds(conn.dialect.name, at, reports.c.received_at).label("took")
    named = [group.label(f"group_{place}") for place, group in enumerate(groups)]
    joined = _CASES.join(source, onto if onto is not None else source.c.handoff_id == handoffs.c.id)
    there = _limited(select(*named, took).select_from(joined), since, until, channel).where(at.is_not(None)).subquery()
    keys = [there.c[label.name] for label in named]
    ranked = select(
        *keys,
        there.c.took,
        func.row_number().over(partition_by=keys or None, order_by=there.c.took).label("place"),
        func.count().over(partition_by=keys or None).label("whole"),
    ).subquery()
    keys = [ranked.c[label.name] for label in named]
    half, nine_tenths = (
        func.min(case((ranked.c.place * 10 >= ranked.c.whole * tenths, ranked.c.took))) for tenths in (5, 9)
    )
    rows = conn.execute(select(*keys, func.count(), half, nine_tenths).group_by(*keys))
    return {tuple(row[:-3]): Reached(row[-3], _length(row[-2]), _length(row[-1])) for row in rows if row[-3]}


def _grouped(
    conn: Connection,
    query: Select[Any],
    groups: Columns,
    since: datetime | None,
    until: datetime | None,
    channel: str | None,
) -> list[Any]:
    limited = _limited(query, since, until, channel).group_by(*groups)
    return [row for row in conn.execute(limited) if row[-1]]


def _limited(query: Select[Any], since: datetime | None, until: datetime | None, channel: str | None) -> Select[Any]:
    query = query.where(handoffs.c.kind == word("report"))
    if since is not None:
        query = query.where(reports.c.received_at >= since)
    if until is not None:
        query = query.where(reports.c.received_at < until)
    return query if channel is None else query.where(handoffs.c.channel == channel)


def _microseconds(dialect: str, end: ColumnElement[datetime], start: ColumnElement[datetime]) -> ColumnElement[int]:
    if dialect == "postgresql":
        return cast(func.round(extract("epoch", end - start) * _MICROSECONDS), BigInteger)
    return type_coerce(end, BigInteger) - type_coerce(start, BigInteger)


def _month(dialect: str) -> ColumnElement[str]:
    """The month of acceptance in Jakarta, such as 2026-03."""
    if dialect == "postgresql":
        return func.to_char(func.timezone(_JAKARTA, reports.c.received_at), _YEAR_AND_MONTH)
    ahead = int((WIB.utcoffset(None) or timedelta()).total_seconds())
    seconds = type_coerce(reports.c.received_at, BigInteger) // literal_column(str(_MICROSECONDS))
    return func.strftime(literal_column("'%Y-%m'"), seconds + literal_column(str(ahead)), literal_column("'unixepoch'"))


def _length(microseconds: Any) -> timedelta | None:
    return None if microseconds is None else timedelta(microseconds=int(microseconds))
