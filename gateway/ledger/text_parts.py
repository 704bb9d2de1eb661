"""Parts of long texts that wait for one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
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


def keep_parts(conn: Connection, items: list[PartRow]) -> list[Sequence[PartRow]]:
    """Keep parts; one that came before is not kept again. Of each: the parts of its text that wait, itself included."""
    _PARTS.run(conn, [asdict(item) for item in items])
    sets: dict[bytes, list[PartRow]] = defaultdict(list)
    for row in conn.execute(_OF_SETS.on(conn), {"sets": list({item.set_key for item in items})}):
        sets[row.set_key].append(_part(row))
    return [sets[item.set_key] for item in items]


def waiting_parts(conn: Connection, limit: int) -> Sequence[PartRow]:
    """The parts that wait, oldest first."""
    return [_part(row) for row in conn.execute(_ALL_WAITING, {"limit": limit})]


def note_joined(conn: Connection, ids: Collection[UUID], at: datetime) -> None:
    """These parts stand in a message now: they and their keys are destroyed, and never come again."""
    conn.execute(_JOINED.on(conn), {"ids": list(ids), "at": at})


def forget_joined(conn: Connection, before: datetime) -> None:
    """Forget those that were joined before then, when no vendor sends them again any more."""
    conn.execute(_FORGET, {"before": before})


def _part(row: Any) -> PartRow:
    return PartRow(**{name: getattr(row, name) for name in PartRow.__slots__})
