"""The report that a later message may join."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select

from gateway.ledger.dialects import word
from gateway.ledger.links import linked_among
from gateway.ledger.shapes import HANDOFF, KEY, PARKED, REPORT
from gateway.ledger.tables import handoffs, parked, report_keys, reports
from gateway.ledger.values import Conversation, HandoffRow
from schemas.handoff import HandoffState

_LATEST = (
    select(*REPORT.columns, *KEY.columns)
    .join(report_keys, report_keys.c.subject_id == reports.c.id)
    .where(
        reports.c.conversation_key == bindparam("conversation_key"),
        reports.c.last_message_at >= bindparam("since"),
        reports.c.erased_at.is_(None),
    )
    .order_by(reports.c.last_message_at.desc(), reports.c.id.desc())
    .limit(1)
)
_ONE = (
    select(*REPORT.columns, *KEY.columns)
    .join(report_keys, report_keys.c.subject_id == reports.c.id)
    .where(reports.c.id == bindparam("report_id"), reports.c.erased_at.is_(None))
)
_ITS_HANDOFFS = (
    select(*HANDOFF.columns)
    .where(handoffs.c.report_id == bindparam("report_id"), handoffs.c.kind == word("report"))
    .order_by(handoffs.c.destination)
)
_ITS_PARKED = (
    select(*PARKED.columns)
    .where(parked.c.report_id == bindparam("report_id"), parked.c.state == word("parked"))
    .order_by(parked.c.id)
)


def find_conversation(conn: Connection, conversation_key: bytes, since: datetime) -> Conversation | None:
    """The latest report of this conversation whose last message came no earlier than `since`.

    Never one that is erased, and none that leads nowhere any more because people cancelled all that was owed; one that
    follows another report leads there.
    """
    row = conn.execute(_LATEST, {"conversation_key": conversation_key, "since": since}).first()
    return _conversation(conn, row) if row is not None else None


def find_thread(conn: Connection, report_id: UUID) -> Conversation | None:
    """A report by its id, as `find_conversation` would find it: for a message that says which report it belongs to."""
    row = conn.execute(_ONE, {"report_id": report_id}).first()
    return _conversation(conn, row) if row is not None else None


def _conversation(conn: Connection, row: Row[Any]) -> Conversation | None:
    width = len(REPORT.columns)
    report, key = REPORT.value(row[:width]), KEY.value(row[width:])
    its_handoffs = [HANDOFF.value(found) for found in conn.execute(_ITS_HANDOFFS, {"report_id": report.id})]
    its_parked = conn.execute(_ITS_PARKED, {"report_id": report.id}).first()
    is_over = its_parked is None and all(handoff.state is HandoffState.CANCELLED for handoff in its_handoffs)
    if is_over and not linked_among(conn, [report.id]):
        return None
    return Conversation(
        report=report,
        key=key,
        started=any(_started(handoff) for handoff in its_handoffs),
        destinations=tuple(handoff.destination for handoff in its_handoffs),
        parked=PARKED.value(its_parked) if its_parked else None,
    )


def _started(handoff: HandoffRow) -> bool:
    return handoff.state is not HandoffState.PENDING or handoff.owner is not None or handoff.tries > 0
