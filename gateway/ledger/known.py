"""Which messages are here already, by the channel's own ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from gateway.ledger.dialects import Both
from gateway.ledger.tables import messages, reports
from gateway.ledger.values import MessageRow


@dataclass(frozen=True, slots=True)
class Found:
    """A message that is here. `tracking_code` is None while its report is not written yet, in the same transaction."""

    message_id: UUID
    message_digest: bytes
    report_id: UUID
    sequence: int
    tracking_code: str | None


Known = dict[tuple[str, bytes], Found]

_COLUMNS = (
    messages.c.channel,
    messages.c.message_key,
    messages.c.id,
    messages.c.message_digest,
    messages.c.report_id,
    messages.c.sequence,
    reports.c.tracking_code,
)
_WITH_REPORT = messages.outerjoin(reports, reports.c.id == messages.c.report_id)
_KNOWN = Both(
    lambda dialect: select(*_COLUMNS).select_from(_WITH_REPORT).where(dialect.among(messages.c.message_key, "keys"))
)


def known_messages(conn: Connection, wanted: Iterable[MessageRow]) -> Known:
    """Those of the messages that are here, by channel and message key."""
    rows = conn.execute(_KNOWN.on(conn), {"keys": [message.message_key for message in wanted]})
    return {(channel, key): Found(*found) for channel, key, *found in rows}


def all_new(written: Iterable[MessageRow]) -> Known:
    """What `known_messages` would say of first messages that were all written just now."""
    return {
        (one.channel, one.message_key): Found(one.id, one.message_digest, one.report_id, one.sequence, None)
        for one in written
    }


def known_one(conn: Connection, channel: str, message_key: bytes) -> Found | None:
    """One message, if it is here."""
    rows = conn.execute(_KNOWN.on(conn), {"keys": [message_key]})
    return next((Found(*found) for at, _, *found in rows if at == channel), None)
