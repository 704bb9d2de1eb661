"""Attempts without their channel: recorded before the ledger had a place for it, or by a version that has none."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from gateway.ledger.many import Changes
from gateway.ledger.tables import attempts, handoffs

_CHANNEL = Changes(attempts, "channel")
_UNFILLED = (
    select(attempts.c.id, handoffs.c.channel)
    .join(handoffs, handoffs.c.id == attempts.c.handoff_id)
    .where(attempts.c.channel.is_(None))
)


def lacks_channels(conn: Connection) -> bool:
    """Whether there is an attempt without its channel."""
    return conn.execute(_UNFILLED.limit(1)).first() is not None


def fill_channels(conn: Connection, after: UUID, limit: int) -> UUID | None:
    """Give the next so many attempts after this one the channel of their report; the last one's id, None: no more.

    Several processes may do it at once: each leaves alone what another one is at.
    """
    query = (
        _UNFILLED.where(attempts.c.id > after)
        .order_by(attempts.c.channel, attempts.c.id)  # an index has NULLs in no other order
        .limit(limit)
        .with_for_update(skip_locked=True, of=attempts)
    )
    rows = conn.execute(query).all()
    _CHANNEL.run(conn, [{"id": row.id, "channel": row.channel} for row in rows])
    return rows[-1].id if rows else None
