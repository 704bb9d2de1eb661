"""Parts of long texts that wait for one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update

from gateway.ledger.dialects import Both
from gateway.ledger.many import Inserts
from gateway.ledger.part_tables import text_parts

_PARTS = Inserts(text_parts)
_WAITING = text_parts.c.joined_at.is_(None)
_OF_SETS = Both(
    lambda dialect: (
        select(text_parts).where(dialect.among(text_parts.c.set_key, "sets"), _WAITING).order_by(text_parts.c.id)
    )
)
_JOINED_BEFORE = Both(
    lambda dialect: (
        select(text_parts.c.set_key, text_parts.c.number, text_parts.c.message_key)
        .where(dialect.among(text_parts.c.set_key, "sets"), text_parts.c.joined_at.is_not(None))
        .order_by(text_parts.c.id.desc())
    )
)
_ALL_WAITING = select(text_parts).where(_WAITING).order_by(text_parts.c.id).limit(bindparam("limit"))
_JOINED = Both(
    lambda dialect: (
        update(text_parts)
        .where(dialect.among(text_parts.c.id, "ids"))
        .values(joined_at=bindparam("at"), sealed_part=None, wrapped_key=None, master_key_id=None)
    )
)
_FORGET = delete(text_parts).where(text_parts.c.joined_at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class PartRow:
    """The `number`th of `total` parts of one text, sealed."""

    id: UUID
    channel: str
    message_key: bytes
    set_key: bytes
    number: int
    total: int
    received_at: datetime
    sealed_part: bytes
    wrapped_key: bytes
    master_key_id: str


@dataclass(frozen=True, slots=True)
class PartSet:
    """Parts of one text: those that wait, the oldest first, and the numbers and message keys of those joined before."""

    waiting: tuple[PartRow, ...]
    joined: Mapping[int, bytes]


def keep_parts(conn: Connection, items: list[PartRow]) -> list[PartSet]:
    """Keep parts; one that came before is not kept again. Of each: the parts of its text, itself included."""
    _PARTS.run(conn, [asdict(item) for item in items])
    keys = list({item.set_key for item in items})
    sets = _sets(conn, keys, conn.execute(_OF_SETS.on(conn), {"sets": keys}))
    return [sets[item.set_key] for item in items]


def waiting_parts(conn: Connection, limit: int) -> list[PartSet]:
    """The texts with parts that wait, at most so many parts, the oldest first."""
    rows = conn.execute(_ALL_WAITING, {"limit": limit}).all()
    return list(_sets(conn, list(dict.fromkeys(row.set_key for row in rows)), rows).values())


def note_joined(conn: Connection, ids: Collection[UUID], at: datetime) -> None:
    """These parts stand in a message now: they and their keys are destroyed, and never come again."""
    conn.execute(_JOINED.on(conn), {"ids": list(ids), "at": at})


def forget_joined(conn: Connection, before: datetime) -> None:
    """Forget those that were joined before then, when no vendor sends them again any more."""
    conn.execute(_FORGET, {"before": before})


def _sets(conn: Connection, keys: list[bytes], waiting: Iterable[Any]) -> dict[bytes, PartSet]:
    rows: dict[bytes, list[PartRow]] = defaultdict(list)
    joined: dict[bytes, dict[int, bytes]] = defaultdict(dict)
    for row in waiting:
        rows[row.set_key].append(_part(row))
    for set_key, number, message_key in conn.execute(_JOINED_BEFORE.on(conn), {"sets": keys}):
        joined[set_key].setdefault(number, message_key)
    return {key: PartSet(tuple(rows[key]), joined[key]) for key in keys}


def _part(row: Any) -> PartRow:
    return PartRow(**{name: getattr(row, name) for name in PartRow.__slots__})
