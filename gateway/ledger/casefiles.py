"""Everything that a handoff's case is built from, for many handoffs at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, select

from gateway.ledger.dialects import word
from gateway.ledger.notices import notice_cases
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import FILE, KEY, REPORT
from gateway.ledger.tables import files, handoffs, messages, report_keys, reports
from gateway.ledger.values import Claimed, FileRow, HandoffRow, KeyRow, Progress, ReportRow, SealedMessage
from schemas.handoff import HandoffKind

_ITS_FILES = and_(
    files.c.report_id == handoffs.c.report_id,
    files.c.sequence.between(handoffs.c.first_sequence, handoffs.c.last_sequence),
)
_HAS_FILES = exists().where(_ITS_FILES)
_MESSAGES = Prepared(
    lambda dialect: (
        select(
            handoffs.c.id, _HAS_FILES, messages.c.id, messages.c.sequence, messages.c.sealed_message,
            *REPORT.columns, *KEY.columns,
        )
        .join(reports, reports.c.id == handoffs.c.report_id)
        .join(report_keys, report_keys.c.subject_id == reports.c.id)
        .outerjoin(
            messages,
            and_(
                messages.c.report_id == handoffs.c.report_id,
                messages.c.sequence.between(handoffs.c.first_sequence, handoffs.c.last_sequence),
            ),
        )
        .where(dialect.among(handoffs.c.id, "ids"))
        .order_by(messages.c.sequence)
    )
)  # fmt: skip
"""Each message beside its report: nearly every handoff has one."""
_MESSAGE_WIDTH, _REPORT_WIDTH = 3, len(REPORT.columns)
_FILES = Prepared(
    lambda dialect: (
        select(handoffs.c.id, *FILE.columns)
        .join(files, _ITS_FILES)
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
    found = _Found()
    for row in _MESSAGES.rows(conn, {"ids": [row.id for row in rows]}):
        found.note(row)
    files_of = _files(conn, found.with_files)
    prior = _prior(conn, rows)
    told = notice_cases(conn, [row.id for row in rows if row.kind is HandoffKind.NOTICE])
    return [
        Claimed(
            handoff=row,
            report=found.reports[row.report_id][0],
            key=found.reports[row.report_id][1],
            messages=tuple(found.messages[row.id]),
            files=tuple(files_of.get(row.id, ())),
            prior=prior.get((row.report_id, row.destination), {}) if row.kind is not HandoffKind.REPORT else {},
            notice=told.get(row.id),
        )
        for row in rows
    ]


@dataclass(slots=True)
class _Found:
    """What the rows of `_MESSAGES` say."""

    reports: dict[UUID, tuple[ReportRow, KeyRow]] = field(default_factory=dict)
    messages: dict[UUID, list[SealedMessage]] = field(default_factory=lambda: defaultdict(list))
    with_files: set[UUID] = field(default_factory=set)
    """The handoffs that have files."""

    def note(self, row: Sequence[Any]) -> None:
        """Take a row in."""
        handoff_id, has_files, *rest = row
        if has_files:
            self.with_files.add(handoff_id)
        message, about = rest[:_MESSAGE_WIDTH], rest[_MESSAGE_WIDTH:]
        if message[0] is not None:
            self.messages[handoff_id].append(SealedMessage(*message))
        if about[0] not in self.reports:
            self.reports[about[0]] = REPORT.value(about[:_REPORT_WIDTH]), KEY.value(about[_REPORT_WIDTH:])


def _files(conn: Connection, handoff_ids: Collection[UUID]) -> dict[UUID, list[FileRow]]:
    if not handoff_ids:
        return {}
    files_of: dict[UUID, list[FileRow]] = defaultdict(list)
    for handoff_id, *file in _FILES.rows(conn, {"ids": list(handoff_ids)}):
        files_of[handoff_id].append(FILE.value(file))
    return files_of


def _prior(conn: Connection, rows: Sequence[HandoffRow]) -> dict[tuple[UUID, str], Progress]:
    ids = {row.report_id for row in rows if row.kind is not HandoffKind.REPORT}
    if not ids:
        return {}
    found = _PRIOR.rows(conn, {"ids": list(ids)})
    return {(report_id, destination): progress for report_id, destination, progress in found}
