"""A filter of handoffs as conditions of a statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from gateway.ledger.dialects import word
from gateway.ledger.tables import handoffs, reports
from gateway.ledger.values import HandoffFilter


def matching(query: Select[Any], wanted: HandoffFilter) -> Select[Any]:
    """The query, only for handoffs that the filter lets through."""
    for column, value in (
        (handoffs.c.destination, wanted.destination),
        (handoffs.c.state, word(wanted.state) if wanted.state else None),
        (handoffs.c.reason, wanted.reason),
        (handoffs.c.channel, wanted.channel),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.tracking_code is not None:
        its = select(reports.c.id).where(reports.c.tracking_code == wanted.tracking_code)
        query = query.where(handoffs.c.report_id.in_(its))
    if wanted.since is not None:
        query = query.where(handoffs.c.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(handoffs.c.created_at < wanted.until)
    return query
