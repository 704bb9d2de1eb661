"""What vendors tell of messages that we sent, and how each notice of a report fared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, case, select, update

from gateway.ledger.dialects import word
from gateway.ledger.many import Inserts
from gateway.ledger.notice_values import ToldNotice
from gateway.ledger.tables import handoffs, notice_updates, notices
from schemas.handoff import HandoffState
from schemas.notice import NoticePurpose

_UPDATES = Inserts(notice_updates)
_RANKS = {"sent": 1, "delivered": 2, "read": 3, "failed": 4}
_RANK = case(_RANKS, value=notice_updates.c.status, else_=0)
_FURTHER = (
    update(notice_updates)
    .where(notice_updates.c.channel == bindparam("of_channel"), notice_updates.c.reference == bindparam("of_reference"))
    .where(bindparam("rank") > _RANK)
    .values(status=bindparam("new_status"), at=bindparam("new_at"), error=bindparam("new_error"))
)
_OF_REPORT = (
    select(
        notices.c.id,
        notices.c.purpose,
        notices.c.created_at,
        handoffs.c.state,
        handoffs.c.reason,
        handoffs.c.reference,
        notice_updates.c.status,
        notice_updates.c.at,
        notice_updates.c.error,
    )
    .select_from(notices)
    .join(handoffs, and_(handoffs.c.id == notices.c.id, handoffs.c.kind == word("notice")))
    .outerjoin(
        notice_updates,
        and_(notice_updates.c.channel == notices.c.channel, notice_updates.c.reference == handoffs.c.reference),
    )
    .where(notices.c.report_id == bindparam("report"))
    .order_by(notices.c.id)
)


@dataclass(frozen=True, slots=True)
class Update:
    """The vendor's word on one message, by its own id. `status` is `sent`, `delivered`, `read` or `failed`."""

    channel: str
    reference: str
    status: str
    at: datetime
    error: str | None = None


def keep_updates(conn: Connection, items: list[Update]) -> list[bool]:
    """Keep what vendors tell; a message goes forward, never back, in whatever order it is told of. All True."""
    _UPDATES.run(conn, [_row(item) for item in items])
    for item in items:
        conn.execute(_FURTHER, _further(item))
    return [True] * len(items)


def notices_of(conn: Connection, report_id: UUID) -> tuple[ToldNotice, ...]:
    """What the reporter of a report was told, or is to be told, oldest first."""
    return tuple(_told(row) for row in conn.execute(_OF_REPORT, {"report": report_id}))


def _row(item: Update) -> dict[str, Any]:
    return {
        "channel": item.channel,
        "reference": item.reference[:255],
        "status": item.status,
        "at": item.at,
        "error": item.error[:64] if item.error else None,
    }


def _further(item: Update) -> dict[str, Any]:
    row = _row(item)
    return {
        "of_channel": row["channel"],
        "of_reference": row["reference"],
        "rank": _RANKS.get(item.status, 0),
        "new_status": row["status"],
        "new_at": row["at"],
        "new_error": row["error"],
    }


def _told(row: Any) -> ToldNotice:
    identity, purpose, created_at, state, *rest = row
    return ToldNotice(identity, NoticePurpose(purpose), created_at, HandoffState(state), *rest)
