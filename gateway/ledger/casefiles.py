"""Everything that a handoff's case is built from, for many handoffs at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, and_, select

from gateway.ledger.dialects import word
from gateway.ledger.notices import notice_cases
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import FILE, KEY, REPORT
from gateway.ledger.tables import files, handoffs, messages, report_keys, reports
from gateway.ledger.values import Claimed, FileRow, HandoffRow, KeyRow, Progress, ReportRow, SealedMessage
from schemas.handoff import HandoffKind

_REPORTS = Prepared(
    lambda dialect: (
        select(*REPORT.columns, *KEY.columns)
        .join(report_keys, report_keys.c.subject_id == reports.c.id)
        .where(dialect.among(reports.c.id, "ids"))
    )
)
_MESSAGES = Prepared(
    lambda dialect: (
        select(handoffs.c.id, messages.c.id, messages.c.sequence, messages.c.sealed_message)
        .join(
            messages,
            and_(
                messages.c.report_id == handoffs.c.report_id,
                messages.c.sequence.between(handoffs.c.first_sequence, handoffs.c.last_sequence),
            ),
        )
        .where(dialect.among(handoffs.c.id, "ids"))
        .order_by(messages.c.sequence)
    )
)
_FILES = Prepared(
    lambda dialect: (
        select(handoffs.c.id, *FILE.columns)
        .join(
            files,
            and_(
                files.c.report_id == handoffs.c.report_id,
                files.c.sequence.between(handoffs.c.first_sequence, handoffs.c.last_sequence),
            ),
        )
        .where(dialect.among(handoffs.c.id, "ids"))
        .order_by(files.c.sequence, files.c.position)
    )
)
_PRIOR = Prepared(
    lambda dialect: (
        select(handoffs.c.report_id, handoffs.c.destination, handoffs.c.progress)
        .where(dialect.among(handoffs.c.report_id, "ids"), handoffs.c.kind == word("report"))
        .order_by(handoffs.c.id)
    )
)


def casefiles(conn: Connection, rows: Sequence[HandoffRow]) -> list[Claimed]:
    """The handoffs with their reports, keys, messages, files, and what the report's own handoff yielded."""
    if not rows:
        return []
    ids = {"ids": [row.id for row in rows]}
    found = _reports(conn, rows)
    messages_of: dict[UUID, list[SealedMessage]] = defaultdict(list)
    for handoff_id, *message in _MESSAGES.rows(conn, ids):
        messages_of[handoff_id].append(SealedMessage(*message))
    files_of: dict[UUID, list[FileRow]] = defaultdict(list)
    for handoff_id, *file in _FILES.rows(conn, ids):
        files_of[handoff_id].append(FILE.value(file))
    prior = _prior(conn, rows)
    told = notice_cases(conn, [row.id for row in rows if row.kind is HandoffKind.NOTICE])
    return [
        Claimed(
            handoff=row,
            report=found[row.report_id][0],
            key=found[row.report_id][1],
            messages=tuple(messages_of[row.id]),
            files=tuple(files_of[row.id]),
            prior=prior.get((row.report_id, row.destination), {}) if row.kind is not HandoffKind.REPORT else {},
            notice=told.get(row.id),
        )
        for row in rows
    ]


def _reports(conn: Connection, rows: Sequence[HandoffRow]) -> dict[UUID, tuple[ReportRow, KeyRow]]:
    width = len(REPORT.columns)
    found = _REPORTS.rows(conn, {"ids": list({row.report_id for row in rows})})
    return {row[0]: (REPORT.value(row[:width]), KEY.value(row[width:])) for row in found}


def _prior(conn: Connection, rows: Sequence[HandoffRow]) -> dict[tuple[UUID, str], Progress]:
    ids = {row.report_id for row in rows if row.kind is not HandoffKind.REPORT}
    if not ids:
        return {}
    found = _PRIOR.rows(conn, {"ids": list(ids)})
    return {(report_id, destination): progress for report_id, destination, progress in found}
