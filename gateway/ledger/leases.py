"""Whether workers still hold their lease, asked under a lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from gateway.ledger.dialects import Dialect
from gateway.ledger.prepared import Prepared
from gateway.ledger.tables import workers


def living_among(dialect: Dialect, name: str) -> Select[Any]:
    """Those of the workers in the parameter `name` that hold their lease; see `living_of` about the lock."""
    return (
        select(workers.c.id)
        .where(dialect.among(workers.c.id, name), workers.c.reaped_at.is_(None))
        .order_by(workers.c.id)
        .with_for_update(read=True)
    )


_LIVING = Prepared(lambda dialect: living_among(dialect, "ids"))


def living_of(conn: Connection, wanted: Iterable[UUID]) -> set[UUID]:
    """Those of the workers that are registered and were not taken for dead.

    Whoever wants to take one for dead waits until this transaction has ended, and then sees what it wrote.
    """
    ids = list(set(wanted))
    return {row[0] for row in _LIVING.rows(conn, {"ids": ids})} if ids else set()
