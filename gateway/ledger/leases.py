"""Whether workers still hold their lease, asked under a lock."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from gateway.ledger.prepared import Prepared
from gateway.ledger.tables import workers

_LIVING = Prepared(
    lambda dialect: (
        select(workers.c.id)
        .where(dialect.among(workers.c.id, "ids"), workers.c.reaped_at.is_(None))
        .order_by(workers.c.id)
        .with_for_update(read=True)
    )
)


def living_of(conn: Connection, wanted: Iterable[UUID]) -> set[UUID]:
    """Those of the workers that are registered and were not taken for dead.

    Whoever wants to take one for dead waits until this transaction has ended, and then sees what it wrote.
    """
    ids = list(set(wanted))
    return {row[0] for row in _LIVING.rows(conn, {"ids": ids})} if ids else set()
