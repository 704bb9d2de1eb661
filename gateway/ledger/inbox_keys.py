"""The keys with which ministries empty their inboxes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.ledger.actions import note_each
from gateway.ledger.inbox_tables import inbox_keys
from gateway.ledger.owned_keys import keys_of, revoke_key


@dataclass(frozen=True, slots=True)
class InboxKeyRow:
    """A key of an inbox: its public half and the digest of its secret half."""

    id: str
    destination: str
    digest: bytes
    created_at: datetime
    revoked_at: datetime | None = None


_COLUMNS = (
    inbox_keys.c.id,
    inbox_keys.c.destination,
    inbox_keys.c.digest,
    inbox_keys.c.created_at,
    inbox_keys.c.revoked_at,
)


def add_inbox_key(conn: Connection, key: InboxKeyRow, actor: str) -> None:
    """Give an inbox another key."""
    row = {"id": key.id, "destination": key.destination, "digest": key.digest, "created_at": key.created_at}
    conn.execute(insert(inbox_keys), row)
    note_each(conn, [key.destination], "inbox_key.add", actor, key.created_at, key=key.id)


def revoke_inbox_key(conn: Connection, key_id: str, actor: str, now: datetime) -> bool:
    """Refuse a key from now on; False when it is revoked or not there."""
    destination = revoke_key(conn, inbox_keys.c.destination, key_id, now)
    if destination is None:
        return False
    note_each(conn, [destination], "inbox_key.revoke", actor, now, key=key_id)
    return True


def list_inbox_keys(conn: Connection, destination: str | None = None) -> list[InboxKeyRow]:
    """Keys by destination, oldest first."""
    return [InboxKeyRow(*row) for row in conn.execute(keys_of(_COLUMNS, inbox_keys.c.destination, destination))]


def find_inbox_key(conn: Connection, key_id: str) -> InboxKeyRow | None:
    """A key by its public half, revoked ones too."""
    row = conn.execute(select(*_COLUMNS).where(inbox_keys.c.id == key_id)).first()
    return InboxKeyRow(*row) if row else None
