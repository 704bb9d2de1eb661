"""Which reports are of the same reporter, by keyed hashes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, delete, select

from gateway.ledger.many import Inserts
from gateway.ledger.people import reporter_keys

_KEYS = Inserts(reporter_keys)


def insert_reporter_keys(conn: Connection, pairs: Iterable[tuple[bytes, UUID]]) -> None:
    """Keep by which keys reports are found."""
    _KEYS.run(conn, [{"key": key, "report_id": report_id} for key, report_id in pairs])


def reports_of(conn: Connection, key: bytes, limit: int) -> list[UUID]:
    """The newest reports of a reporter."""
    query = select(reporter_keys.c.report_id).where(reporter_keys.c.key == key)
    return list(conn.execute(query.order_by(reporter_keys.c.report_id.desc()).limit(limit)).scalars())


def forget_reporter(conn: Connection, report_id: UUID) -> None:
    """A report is not found by its reporter any more."""
    conn.execute(delete(reporter_keys).where(reporter_keys.c.report_id == report_id))
