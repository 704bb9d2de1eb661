"""Notices: what is owed to reporters, each a handoff to the channel that the report came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from gateway.ledger.dialects import Both, word
from gateway.ledger.many import Inserts
from gateway.ledger.notice_values import AT, NewNotice, NoticeCase
from gateway.ledger.tables import channels, handoffs, notices, opt_outs, reply_addresses, reports
from gateway.ledger.values import NewHandoff
from gateway.ledger.writing import handoff_parameters, insert_handoffs
from schemas.handoff import HandoffKind, HandoffState
from schemas.notice import ANSWERS

SUPERSEDED = "superseded"
NO_MESSAGE = -1
"""Stands for the sequence number of a message where a handoff carries none."""

_NOTICES = Inserts(notices)
_LISTENERS = Both(
    lambda dialect: (
        select(reports.c.id, opt_outs.c.since)
        .join(channels, channels.c.name == reports.c.channel)
        .outerjoin(opt_outs, opt_outs.c.conversation_key == reports.c.conversation_key)
        .where(dialect.among(reports.c.id, "ids"), reports.c.erased_at.is_(None))
        .where(channels.c.answers.is_(True), channels.c.closed_at.is_(None))
    )
)
_MINE = Both(lambda dialect: select(notices.c.id).where(dialect.among(notices.c.id, "ids")))
_OLDER = (
    select(handoffs.c.id, handoffs.c.due_at)
    .join(notices, notices.c.id == handoffs.c.id)
    .where(notices.c.report_id == bindparam("report"), notices.c.burst_key == bindparam("burst"))
    .where(handoffs.c.id != bindparam("newer"), handoffs.c.state == word("pending"))
    .where(handoffs.c.owner.is_(None), handoffs.c.tries == 0)
    .with_for_update(of=handoffs)
)
_SUPERSEDE = (
    update(handoffs)
    .where(handoffs.c.id == bindparam("older"))
    .values(state=HandoffState.CANCELLED, reason=SUPERSEDED, due_at=None, rung_at=None, updated_at=bindparam("at"))
)
_SOONER = update(handoffs).where(handoffs.c.id == bindparam("newer")).values(due_at=bindparam("due"))
_CASES = Both(
    lambda dialect: (
        select(notices.c.id, notices.c.sealed_notice, reply_addresses.c.sealed_address, reply_addresses.c.heard_at)
        .outerjoin(reply_addresses, reply_addresses.c.report_id == notices.c.report_id)
        .where(dialect.among(notices.c.id, "ids"))
    )
)
_OWED_SINCE = (
    select(func.count())
    .select_from(notices)
    .where(notices.c.report_id == bindparam("report"), notices.c.purpose == bindparam("purpose"))
    .where(notices.c.created_at >= bindparam("since"))
)


def owe_notices(conn: Connection, items: Sequence[NewNotice]) -> list[bool]:
    """Owe notices to the channels of their reports, in the caller's transaction; True for each that is owed by this.

    False for one that was owed before (the same report, purpose and key), for a report that is erased or whose channel
    cannot answer or is closed, and for a reporter who wants none; answers to the reporter's own message go all the
    same. The reports must be written already. Run again with the same items, it answers the same.
    """
    if not items:
        return []
    listeners = _listeners(conn, items)
    wanted = [item for item in items if _may_be_told(item, listeners)]
    _NOTICES.run(conn, [_parameters(item) for item in sorted(wanted, key=_order)])
    mine = set(conn.execute(_MINE.on(conn), {"ids": [item.id for item in wanted]}).scalars()) if wanted else set()
    insert_handoffs(conn, [_handoff(item) for item in wanted if item.id in mine])
    for item in wanted:
        if item.id in mine and item.burst_key is not None:
            _supersede(conn, item)
    return [item.id in mine for item in items]


def notice_cases(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, NoticeCase]:
    """What the handoffs of notices carry, by their ids."""
    if not ids:
        return {}
    return {identity: NoticeCase(*case) for identity, *case in conn.execute(_CASES.on(conn), {"ids": list(ids)})}


def count_notices(conn: Connection, report_id: UUID, purpose: str, since: datetime) -> int:
    """How many notices of a purpose a report was owed since then."""
    values = {"report": report_id, "purpose": purpose, "since": since}
    return conn.execute(_OWED_SINCE, values).scalar_one()


def _listeners(conn: Connection, items: Sequence[NewNotice]) -> dict[UUID, datetime | None]:
    """The reports whose channel can answer, with since when their reporter wants no notices."""
    rows = conn.execute(_LISTENERS.on(conn), {"ids": list({item.report_id for item in items})})
    return {report_id: since for report_id, since in rows}  # noqa: C416 - a row is no pair


def _may_be_told(item: NewNotice, listeners: Mapping[UUID, datetime | None]) -> bool:
    if item.report_id not in listeners:
        return False
    return listeners[item.report_id] is None or item.purpose in ANSWERS


def _order(item: NewNotice) -> tuple[UUID, str, str]:
    """One order in every process, so that two of them never wait for each other."""
    return item.report_id, item.purpose.value, item.key


def _parameters(item: NewNotice) -> dict[str, Any]:
    return {
        "id": item.id,
        "report_id": item.report_id,
        "channel": item.channel,
        "purpose": item.purpose.value,
        "notice_key": item.key,
        "burst_key": item.burst_key,
        "sealed_notice": item.sealed_notice,
        "created_at": item.created_at,
    }


def _handoff(item: NewNotice) -> dict[str, Any]:
    new = NewHandoff(
        id=item.id,
        destination=AT + item.channel,
        created_at=item.created_at,
        due_at=item.due_at,
        kind=HandoffKind.NOTICE,
        priority=item.priority,
    )
    return handoff_parameters(new, item.report_id, item.channel, NO_MESSAGE, NO_MESSAGE)


def _supersede(conn: Connection, item: NewNotice) -> None:
    """Cancel what the newer notice takes the place of; a burst that never ends must not put it off for ever."""
    values = {"report": item.report_id, "burst": item.burst_key, "newer": item.id}
    older = conn.execute(_OLDER, values).all()
    for row in older:
        conn.execute(_SUPERSEDE, {"older": row.id, "at": item.created_at})
    sooner = min((row.due_at for row in older), default=item.due_at)
    if sooner < item.due_at:
        conn.execute(_SOONER, {"newer": item.id, "due": sooner})
