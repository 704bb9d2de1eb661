"""What the keys of channels, inboxes and people have in common: each has an owner, and is revoked once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, select, update


def revoke_key(conn: Connection, owner: Column[str], key_id: str, now: datetime) -> str | None:
    """Refuse a key of the table of this column from now on. Whose it was; None when it is revoked or not there."""
    keys = owner.table.c
    statement = update(owner.table).where(keys.id == key_id, keys.revoked_at.is_(None)).values(revoked_at=now)
    return conn.execute(statement.returning(owner)).scalar()


def keys_of(columns: Sequence[Column[Any]], owner: Column[str], name: str | None) -> Select[Any]:
    """Keys by owner, oldest first; `name`: only those of this one."""
    query = select(*columns).order_by(owner, owner.table.c.created_at, owner.table.c.id)
    return query if name is None else query.where(owner == name)
