"""What the figures are counted from: every report at every destination, with what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from gateway.clocks import facts_of
from gateway.figures import FigureCase
from gateway.ledger.dialects import word
from gateway.ledger.histories import histories
from gateway.ledger.tables import case_watch, handoffs, reports
from gateway.ledger.values import WatchRow

_AT_ONCE = 500


def figure_cases(
    conn: Connection, since: datetime | None = None, until: datetime | None = None, channel: str | None = None
) -> list[FigureCase]:
    """The cases of reports that were accepted from `since` on and before `until`, of one channel or of all."""
    return [case for rows in _pages(conn, since, until, channel) for case in _cases(conn, rows)]


def _pages(
    conn: Connection, since: datetime | None, until: datetime | None, channel: str | None
) -> Iterator[Sequence[Any]]:
    query: Select[Any] = (
        select(
            handoffs.c.id,
            handoffs.c.report_id,
            handoffs.c.destination,
            handoffs.c.channel,
            reports.c.category_id,
            reports.c.region_code,
            reports.c.received_at,
            case_watch.c.delivered_at,
        )
        .join(reports, reports.c.id == handoffs.c.report_id)
        .outerjoin(case_watch, case_watch.c.handoff_id == handoffs.c.id)
        .where(handoffs.c.kind == word("report"))
        .order_by(handoffs.c.id)
        .limit(_AT_ONCE)
    )
    limits = [
        reports.c.received_at >= since if since is not None else None,
        reports.c.received_at < until if until is not None else None,
        handoffs.c.channel == channel if channel is not None else None,
    ]
    query = query.where(and_(True, *(limit for limit in limits if limit is not None)))
    rows = conn.execute(query).all()
    while rows:
        yield rows
        rows = conn.execute(query.where(handoffs.c.id > rows[-1].id)).all()


def _cases(conn: Connection, rows: Sequence[Any]) -> Iterator[FigureCase]:
    watches = [
        WatchRow(row.id, row.report_id, row.destination, row.received_at, delivered_at=row.delivered_at) for row in rows
    ]
    found = histories(conn, watches)
    for row in rows:
        facts = facts_of(found[row.id])
        yield FigureCase(
            report_id=row.report_id,
            destination=row.destination,
            channel=row.channel,
            category_id=row.category_id,
            region_code=row.region_code,
            accepted_at=row.received_at,
            delivered_at=row.delivered_at,
            verified_at=facts.verified_at,
            followed_up_at=facts.followed_up_at,
            resolved_at=facts.resolved_at,
        )
