"""What waits for a person, grouped by what caused it, so that one decision mends many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, func, select

from gateway.ledger.attempts import HORIZON_REACHED
from gateway.ledger.dialects import Both, word
from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import handoffs, parked, reports
from gateway.ledger.values import HandoffRow
from schemas.handoff import HandoffState

HORIZON = HORIZON_REACHED


@dataclass(frozen=True, slots=True)
class Cause:
    """Handoffs that wait for the same reason at the same destination.

    `error` is what the last attempt came to, where the reason is only that no more are made.
    """

    destination: str
    reason: str
    error: str
    count: int
    oldest: datetime
    newest: datetime


@dataclass(frozen=True, slots=True)
class CauseFilter:
    """Which handoffs that wait: None matches all."""

    destination: str | None = None
    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for a person."""

    parked: int
    uncertain: int
    set_aside: int


_CODES = Both(lambda dialect: select(reports.c.id, reports.c.tracking_code).where(dialect.among(reports.c.id, "ids")))


def causes(conn: Connection, state: HandoffState) -> list[Cause]:
    """Why handoffs in a state (parked or uncertain) wait, the most frequent cause first."""
    reason, error = func.coalesce(handoffs.c.reason, ""), _error()
    each = (
        select(handoffs.c.destination, reason.label("reason"), error.label("error"), handoffs.c.updated_at)
        .where(handoffs.c.state == word(state.value))
        .subquery()
    )
    of = (each.c.destination, each.c.reason, each.c.error)
    query = select(*of, func.count(), func.min(each.c.updated_at), func.max(each.c.updated_at)).group_by(*of)
    return [Cause(*row) for row in conn.execute(query.order_by(func.count().desc(), *of))]


def handoffs_waiting(
    conn: Connection, state: HandoffState, wanted: CauseFilter, before: UUID | None, limit: int
) -> list[HandoffRow]:
    """Handoffs in a state that wait for this cause, newest first; `before` is the last id of the page before."""
    query = select(*HANDOFF.columns).where(handoffs.c.state == word(state.value))
    for column, value in (
        (handoffs.c.destination, wanted.destination),
        (handoffs.c.reason, wanted.reason),
        (_error(), wanted.error),
    ):
        if value:
            query = query.where(column == value)
    if before is not None:
        query = query.where(handoffs.c.id < before)
    return [HANDOFF.value(row) for row in conn.execute(query.order_by(handoffs.c.id.desc()).limit(limit))]


def _error() -> ColumnElement[str]:
    """The reason of the last attempt, where it is not the handoff's own."""
    return case((handoffs.c.reason == HORIZON, handoffs.c.last_error), else_="")


def waiting(conn: Connection) -> Waiting:
    """How many handoffs are parked and uncertain, and how many reports and messages are set aside before any."""
    found = {}
    for state in (HandoffState.PARKED, HandoffState.UNCERTAIN):
        query = select(func.count()).where(handoffs.c.state == word(state.value))
        found[state] = conn.execute(query).scalar_one()
    aside = conn.execute(select(func.count()).where(parked.c.state == word("parked"))).scalar_one()
    return Waiting(found[HandoffState.PARKED], found[HandoffState.UNCERTAIN], aside)


def codes_of(conn: Connection, report_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The tracking codes of reports."""
    if not report_ids:
        return {}
    rows = conn.execute(_CODES.on(conn), {"ids": list(set(report_ids))})
    return {identity: code for identity, code in rows}  # noqa: C416 - a row is no pair
