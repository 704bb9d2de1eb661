"""Old reports' content leaves the ledger for an archive and comes back. What was recorded of them stays where it is.

A report whose content lies in an archive is to everybody else as an erased one: it cannot be opened, and nothing is
added to it. But its key is kept, so that it can be put back, or erased for good, archive and all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, insert, or_, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.archive_values import ArchiveRow, Content, SealedMessage
from gateway.ledger.files import UNDECIDED
from gateway.ledger.not_ours import ASKED
from gateway.ledger.shapes import ARCHIVE
from gateway.ledger.tables import (
    archives,
    case_watch,
    files,
    handoffs,
    messages,
    not_ours,
    parked,
    report_keys,
    report_links,
    reports,
)
from schemas.handoff import HandoffState

ENDED = (HandoffState.DELIVERED.value, HandoffState.CANCELLED.value)


def _is_under_way(report_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether anything of the report is owed, waits for a person, or happened since `before`."""
    before = bindparam("before", type_=reports.c.received_at.type)
    same = reports.alias("same")
    owed = or_(handoffs.c.state.not_in(ENDED), handoffs.c.updated_at >= before)
    watched = or_(
        case_watch.c.changed_at >= before, case_watch.c.next_poll_at.is_not(None), case_watch.c.clocks_at.is_not(None)
    )
    unsettled = or_(not_ours.c.outcome.is_(None), not_ours.c.outcome == ASKED)
    return or_(
        exists().where(same.c.id == report_id, same.c.last_message_at >= before),
        exists().where(handoffs.c.report_id == report_id, owed),
        exists().where(case_watch.c.report_id == report_id, watched),
        exists().where(parked.c.report_id == report_id, parked.c.state == "parked"),
        exists().where(files.c.report_id == report_id, UNDECIDED),
        exists().where(not_ours.c.report_id == report_id, unsettled),
    )


def _is_over() -> ColumnElement[bool]:
    """Whether the report's content is here and nothing goes on, in it or in a report that it is linked with."""
    tie = report_links
    tied = tie.c.unlinked_at.is_(None)
    leads_on = exists().where(tie.c.report_id == reports.c.id, tied, _is_under_way(tie.c.lead_id))
    is_followed = exists().where(tie.c.lead_id == reports.c.id, tied, _is_under_way(tie.c.report_id))
    return and_(reports.c.erased_at.is_(None), ~_is_under_way(reports.c.id), ~leads_on, ~is_followed)


_OVER = (
    select(
        reports.c.id.label("report_id"),
        reports.c.tracking_code,
        reports.c.last_message_at,
        reports.c.conversation_key,
        reports.c.sealed_report,
        reports.c.sealed_reporter,
    )
    .where(reports.c.id > bindparam("after"), _is_over())
    .order_by(reports.c.id)
    .limit(bindparam("limit"))
)
_STILL_OVER = (
    select(reports.c.id, reports.c.last_message_at, reports.c.sealed_report, reports.c.sealed_reporter)
    .where(reports.c.id.in_(bindparam("ids", expanding=True)), _is_over())
    .with_for_update(of=reports)
)
_MESSAGES = (
    select(messages.c.report_id, messages.c.id, messages.c.sealed_message, messages.c.sealed_raw)
    .where(messages.c.report_id.in_(bindparam("ids", expanding=True)))
    .order_by(messages.c.report_id, messages.c.sequence)
)
_LIES_THERE = (
    update(report_keys)
    .where(report_keys.c.subject_id.in_(bindparam("ids", expanding=True)))
    .values(archive=bindparam("archive_id"))
)
_EMPTY = (
    update(reports)
    .where(reports.c.id.in_(bindparam("ids", expanding=True)))
    .values(sealed_report=b"", sealed_reporter=None, conversation_key=None, erased_at=bindparam("now"))
)
_EMPTY_MESSAGES = (
    update(messages)
    .where(messages.c.report_id.in_(bindparam("ids", expanding=True)))
    .values(sealed_message=b"", sealed_raw=None)
)
_LIES_HERE = (
    update(report_keys)
    .where(
        report_keys.c.subject_id == bindparam("report"),
        report_keys.c.archive == bindparam("archive_id"),
        report_keys.c.wrapped.is_not(None),
    )
    .values(archive=None)
)
_FILL = (
    update(reports)
    .where(reports.c.id == bindparam("report"))
    .values(
        sealed_report=bindparam("new_report"),
        sealed_reporter=bindparam("new_reporter"),
        conversation_key=bindparam("new_conversation"),
        erased_at=None,
    )
)
_FILL_MESSAGE = (
    update(messages)
    .where(messages.c.id == bindparam("message"), messages.c.report_id == bindparam("report"))
    .values(sealed_message=bindparam("new_message"), sealed_raw=bindparam("new_raw"))
)


def over_before(conn: Connection, before: datetime, after: UUID, limit: int) -> list[Content]:
    """Reports, in the order of their ids and from the one after `after` on, that have been over since `before`.

    Over is a report of which nothing is owed, uncertain, set aside, watched or timed any more, and none that it follows
    or that follows it either.
    """
    rows = conn.execute(_OVER, {"before": before, "after": after, "limit": limit}).mappings().all()
    told: dict[UUID, list[SealedMessage]] = defaultdict(list)
    for message in conn.execute(_MESSAGES, {"ids": [row["report_id"] for row in rows]}):
        told[message.report_id].append(
            SealedMessage(id=message.id, sealed_message=message.sealed_message, sealed_raw=message.sealed_raw)
        )
    return [Content(**row, messages=tuple(told[row["report_id"]])) for row in rows]


def keep_archive(conn: Connection, row: ArchiveRow) -> None:
    """Enter an archive, whose file is written and read back, before anything is taken out of the ledger for it."""
    conn.execute(insert(archives), ARCHIVE.parameters(row))
    note_each(conn, [row.id], "archive", row.made_by, row.made_at, file=row.name, reports=row.reports)


def put_away(conn: Connection, archive: ArchiveRow, contents: Sequence[Content], now: datetime) -> int:
    """Take the content of reports that lies in an archive out of the ledger. Returns of how many.

    Those to which anything happened since they were written there stay as they are.
    """
    written = {one.report_id: (one.last_message_at, one.sealed_report, one.sealed_reporter) for one in contents}
    found = conn.execute(_STILL_OVER, {"ids": list(written), "before": archive.before})
    ids = [report_id for report_id, *sealed in found if tuple(sealed) == written[report_id]]
    if ids:
        conn.execute(_LIES_THERE, {"ids": ids, "archive_id": archive.id})
        conn.execute(_EMPTY, {"ids": ids, "now": now})
        conn.execute(_EMPTY_MESSAGES, {"ids": ids})
    return len(ids)


def put_back(conn: Connection, archive_id: UUID, contents: Iterable[Content], actor: str, now: datetime) -> int:
    """Put content back that lies in this archive. Returns of how many reports; what was erased stays erased."""
    back = []
    for content in contents:
        report = {"report": content.report_id}
        if conn.execute(_LIES_HERE, report | {"archive_id": archive_id}).rowcount != 1:
            continue
        values = {
            "new_report": content.sealed_report,
            "new_reporter": content.sealed_reporter,
            "new_conversation": content.conversation_key,
        }
        conn.execute(_FILL, report | values)
        for one in content.messages:
            said = {"message": one.id, "new_message": one.sealed_message, "new_raw": one.sealed_raw}
            conn.execute(_FILL_MESSAGE, report | said)
        back.append(content.report_id)
    note_each(conn, back, "restore_archived", actor, now)
    return len(back)


def list_archives(conn: Connection) -> list[ArchiveRow]:
    """All archives, the oldest first."""
    return [ARCHIVE.value(row) for row in conn.execute(select(*ARCHIVE.columns).order_by(archives.c.id))]


def archive_of(conn: Connection, report_id: UUID) -> ArchiveRow | None:
    """The archive in which a report's content lies; None where it is here, or erased."""
    lies = select(report_keys.c.archive).where(report_keys.c.subject_id == report_id).scalar_subquery()
    row = conn.execute(select(*ARCHIVE.columns).where(archives.c.id == lies)).first()
    return ARCHIVE.value(row) if row else None
