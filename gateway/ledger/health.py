"""What an examination asks of the ledger: its clock, what should have been done by now and was not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text

from gateway.ledger.journal import read_head
from gateway.ledger.registers import destinations
from gateway.ledger.tables import attempts, handoffs
from gateway.ledger.turns import is_free


class Overdue(NamedTuple):
    """Handoffs of one destination that were due and that nobody has in hand."""

    destination: str
    handoffs: int
    oldest: datetime


def count_pending(conn: Connection, most: int) -> int:
    """How many handoffs wait or are being worked on, counted no further than `most`."""
    waiting = select(handoffs.c.id).where(is_free(handoffs)).limit(most).subquery()
    held = select(handoffs.c.id).where(handoffs.c.owner.is_not(None)).limit(most).subquery()
    counts = select(select(func.count()).select_from(waiting).scalar_subquery())
    counts = counts.add_columns(select(func.count()).select_from(held).scalar_subquery())
    return min(most, sum(conn.execute(counts).one()))


def server_time(conn: Connection) -> datetime:
    """What time it is where the ledger lies; this machine's own time for SQLite."""
    if conn.dialect.name != "postgresql":
        return datetime.now(UTC)
    at: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    return at.astimezone(UTC)


def last_moment(conn: Connection) -> datetime | None:
    """When the last attempt began; None before the first."""
    query = select(attempts.c.started_at).order_by(attempts.c.seq.desc()).limit(1)
    return conn.execute(query).scalar_one_or_none()


def unsigned_since(conn: Connection) -> datetime | None:
    """When the oldest attempt began that the journal does not hold yet; None when it holds all. Raises Tampered."""
    head = read_head(conn)
    query = select(attempts.c.started_at).order_by(attempts.c.seq).limit(1)
    if head is not None:
        query = query.where(attempts.c.seq > head.attempts.top)
    return conn.execute(query).scalar_one_or_none()


def overdue(conn: Connection, before: datetime) -> list[Overdue]:
    """Handoffs that were due before a moment and wait still, by destination; those of paused destinations may."""
    paused = select(destinations.c.name).where(destinations.c.paused_at.is_not(None))
    query = (
        select(handoffs.c.destination, func.count(), func.min(handoffs.c.due_at))
        .where(
            is_free(handoffs),
            handoffs.c.due_at < before,
            handoffs.c.destination.not_in(paused),
        )
        .group_by(handoffs.c.destination)
        .order_by(handoffs.c.destination)
    )
    return [Overdue(*row) for row in conn.execute(query)]
