"""Which handoffs may be worked on now, as conditions of a statement."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_, select

from gateway.ledger.dialects import word
from gateway.ledger.tables import destinations, handoffs


def is_free(of: FromClause) -> ColumnElement[bool]:
    """Owed, and nobody works on it. Spelled as in the partial indexes, so that they serve it."""
    return and_(of.c.state == word("pending"), of.c.owner.is_(None))


def is_in_turn(of: FromClause) -> ColumnElement[bool]:
    """Nothing earlier is still owed: an addition must not reach a destination before the report itself.

    A notice waits only for one that was due no later and has not gone: the reporter is told things in their order, but
    one that is set aside, or waits for the morning, holds up none.
    """
    earlier = handoffs.alias("earlier")
    holds_up = or_(
        of.c.kind != word("notice"),
        and_(earlier.c.state == word("pending"), earlier.c.due_at <= of.c.due_at),
    )
    return ~exists().where(
        earlier.c.report_id == of.c.report_id,
        earlier.c.destination == of.c.destination,
        earlier.c.state.in_([word("pending"), word("uncertain"), word("parked")]),
        holds_up,
        or_(
            earlier.c.first_sequence < of.c.first_sequence,
            and_(earlier.c.first_sequence == of.c.first_sequence, earlier.c.id < of.c.id),
        ),
    )


def is_running(of: FromClause) -> ColumnElement[bool]:
    """Its destination is not paused."""
    return of.c.destination.not_in(select(destinations.c.name).where(destinations.c.paused_at.is_not(None)))
