"""The keys with which people, or programs in their name, use the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.ledger.actions import note_each
from gateway.ledger.owned_keys import keys_of, revoke_key
from gateway.ledger.people import user_keys
from gateway.ledger.users import UserRow, load_user
from schemas.errors import NotFound


@dataclass(frozen=True, slots=True)
class UserKeyRow:
    """A key of a person: its public half and the digest of its secret half."""

    id: str
    user_name: str
    digest: bytes
    created_at: datetime
    revoked_at: datetime | None = None


_COLUMNS = (
    user_keys.c.id,
    user_keys.c.user_name,
    user_keys.c.digest,
    user_keys.c.created_at,
    user_keys.c.revoked_at,
)


def add_user_key(conn: Connection, key: UserKeyRow, actor: str) -> None:
    """Give a person another key. Raises NotFound for nobody."""
    if load_user(conn, key.user_name) is None:
        raise NotFound(f"there is no user {key.user_name}; see `user list`")
    row = {"id": key.id, "user_name": key.user_name, "digest": key.digest, "created_at": key.created_at}
    conn.execute(insert(user_keys), row)
    note_each(conn, [key.user_name], "user_key.add", actor, key.created_at, key=key.id)


def revoke_user_key(conn: Connection, key_id: str, actor: str, now: datetime) -> bool:
    """Refuse a key from now on; False when it is revoked or not there."""
    name = revoke_key(conn, user_keys.c.user_name, key_id, now)
    if name is None:
        return False
    note_each(conn, [name], "user_key.revoke", actor, now, key=key_id)
    return True


def list_user_keys(conn: Connection, user_name: str | None = None) -> list[UserKeyRow]:
    """Keys by person, oldest first."""
    return [UserKeyRow(*row) for row in conn.execute(keys_of(_COLUMNS, user_keys.c.user_name, user_name))]


def find_user_key(conn: Connection, key_id: str) -> tuple[UserKeyRow, UserRow] | None:
    """A key by its public half, revoked ones too, and whose it is."""
    row = conn.execute(select(*_COLUMNS).where(user_keys.c.id == key_id)).first()
    if row is None:
        return None
    user = load_user(conn, row.user_name)
    return (UserKeyRow(*row), user) if user else None
