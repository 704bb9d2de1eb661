"""Reports that were routed, in pages: what changed rules are tried on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from gateway.ledger.shapes import KEY, REPORT
from gateway.ledger.tables import report_keys, reports
from gateway.ledger.values import KeyRow, ReportRow


def list_routed(conn: Connection, after: UUID | None, limit: int) -> list[tuple[ReportRow, KeyRow]]:
    """Reports that are not erased, each with its key, the oldest first; `after` is the last id of the page before."""
    query = (
        select(*REPORT.columns, *KEY.columns)
        .join(report_keys, report_keys.c.subject_id == reports.c.id)
        .where(reports.c.erased_at.is_(None))
        .order_by(reports.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(reports.c.id > after)
    width = len(REPORT.columns)
    rows = map(tuple, conn.execute(query))
    return [(REPORT.value(row[:width]), KEY.value(row[width:])) for row in rows]
