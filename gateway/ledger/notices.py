"""Notices: what is owed to reporters, each a handoff to the channel that the report came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, exists, or_, select, update

from gateway.ledger.dialects import Both, word
from gateway.ledger.many import Inserts
from gateway.ledger.notice_values import AT, NewNotice, NoticeCase
from gateway.ledger.tables import channels, handoffs, notices, opt_outs, reply_addresses, reports
from gateway.ledger.values import NewHandoff
from gateway.ledger.writing import handoff_parameters, insert_handoffs
from schemas.handoff import HandoffKind, HandoffState, ParkStage
from schemas.notice import ANSWERS, NoticePurpose

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
_ADDRESSES = Inserts(reply_addresses)
_HEARD = (
    update(reply_addresses)
    .where(reply_addresses.c.report_id == bindparam("report"), reply_addresses.c.heard_at <= bindparam("at"))
    .values(sealed_address=bindparam("address"), heard_at=bindparam("at"))
)
_CALL_OFF = (
    update(handoffs)
    .where(handoffs.c.report_id == bindparam("report"), handoffs.c.kind == word("notice"))
    .where(handoffs.c.state == word("pending"), handoffs.c.owner.is_(None), handoffs.c.tries == 0)
    .where(exists().where(notices.c.id == handoffs.c.id, notices.c.purpose == bindparam("of_purpose")))
    .values(state=HandoffState.CANCELLED, reason=SUPERSEDED, due_at=None, rung_at=None, updated_at=bindparam("now"))
)
_PARK = Both(
    lambda dialect: (
        update(handoffs)
        .where(dialect.among(handoffs.c.destination, "names"), handoffs.c.state == word("pending"))
        .where(handoffs.c.owner.is_(None))
        .values(
            state=HandoffState.PARKED,
            stage=ParkStage.DELIVER,
            reason=bindparam("why"),
            due_at=None,
            rung_at=None,
            updated_at=bindparam("now"),
        )
    )
)
_UNANSWERED = (
    select(notices.c.report_id, notices.c.created_at)
    .join(reports, reports.c.id == notices.c.report_id)
    .join(handoffs, and_(handoffs.c.id == notices.c.id, handoffs.c.state != word("cancelled")))
    .where(reports.c.conversation_key == bindparam("conversation_key"), reports.c.erased_at.is_(None))
    .where(notices.c.purpose.in_([word("asked"), word("question")]))
    .where(notices.c.created_at >= reports.c.last_message_at, notices.c.created_at >= bindparam("since"))
    .order_by(notices.c.created_at.desc(), notices.c.id.desc())
    .limit(1)
)
_ASKED = (
    select(notices.c.report_id, notices.c.created_at)
    .join(reports, reports.c.id == notices.c.report_id)
    .join(handoffs, and_(handoffs.c.id == notices.c.id, handoffs.c.state != word("cancelled")))
    .where(reports.c.conversation_key == bindparam("conversation_key"), notices.c.purpose == word("asked"))
    .where(or_(notices.c.created_at >= bindparam("since"), notices.c.report_id == bindparam("report")))
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


def note_addresses(conn: Connection, items: Iterable[tuple[UUID, bytes | None, datetime]]) -> None:
    """Keep where answers go, by report, and when its reporter last wrote; None changes nothing."""
    rows = [{"report_id": report, "sealed_address": to, "heard_at": at} for report, to, at in items if to is not None]
    _ADDRESSES.run(conn, rows)
    for row in rows:
        conn.execute(_HEARD, {"report": row["report_id"], "address": row["sealed_address"], "at": row["heard_at"]})


def call_off(conn: Connection, report_id: UUID, purpose: NoticePurpose, now: datetime) -> int:
    """Cancel the notices of a purpose that nobody has tried to give yet. Returns how many."""
    return conn.execute(_CALL_OFF, {"report": report_id, "of_purpose": purpose.value, "now": now}).rowcount


def find_asked(conn: Connection, conversation_key: bytes, since: datetime) -> tuple[UUID, datetime] | None:
    """The report of a conversation whose reporter was last asked something, by us or by an agency, and when.

    Only one to which nothing was written since, and that was told or is being told.
    """
    row = conn.execute(_UNANSWERED, {"conversation_key": conversation_key, "since": since}).first()
    return (row.report_id, row.created_at) if row else None


def park_notices(conn: Connection, destinations: Sequence[str], reason: str, now: datetime) -> int:
    """Park what is owed to channels that answer no more, as far as nobody works on it. Returns how many."""
    return conn.execute(_PARK.on(conn), {"names": list(destinations), "why": reason, "now": now}).rowcount


def count_asked(conn: Connection, conversation_key: bytes, report_id: UUID | None, since: datetime) -> tuple[int, int]:
    """How often it was asked about the report, and how often in this conversation since then."""
    values = {"conversation_key": conversation_key, "report": report_id, "since": since}
    rows = conn.execute(_ASKED, values).all()
    return sum(row.report_id == report_id for row in rows), sum(row.created_at >= since for row in rows)


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
