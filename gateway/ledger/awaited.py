"""Parked parts whose words lie with the vendor: when each is asked for next, and what became of the last try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, select, update

from gateway.ledger.part_tables import awaited_words
from gateway.ledger.shapes import KEY, PARKED
from gateway.ledger.tables import parked, report_keys
from gateway.ledger.values import KeyRow, ParkedRow

_DUE = (
    select(awaited_words.c.due_at, awaited_words.c.tries, *PARKED.columns, *KEY.columns)
    .join(parked, parked.c.id == awaited_words.c.parked_id)
    .outerjoin(report_keys, report_keys.c.subject_id == parked.c.id)
    .where(awaited_words.c.due_at <= bindparam("now"))
    .order_by(awaited_words.c.due_at)
    .limit(bindparam("most"))
)
_ANY = select(awaited_words.c.parked_id).where(awaited_words.c.due_at <= bindparam("now")).limit(1)
_CLAIM = (
    update(awaited_words)
    .where(awaited_words.c.parked_id == bindparam("parked"), awaited_words.c.due_at == bindparam("seen"))
    .values(due_at=bindparam("until"), tries=awaited_words.c.tries + 1)
)
_LATER = update(awaited_words).where(awaited_words.c.parked_id == bindparam("parked")).values(due_at=bindparam("until"))
_REASON = (
    update(parked).where(parked.c.id == bindparam("parked"), parked.c.state == "parked").values(reason=bindparam("why"))
)
_DONE = delete(awaited_words).where(awaited_words.c.parked_id == bindparam("parked"))


@dataclass(frozen=True, slots=True)
class Awaited:
    """A part whose words are to be asked for now, for the `tries`th time. `key`: None once it is destroyed."""

    parked: ParkedRow
    key: KeyRow | None
    tries: int


def is_awaited(conn: Connection, now: datetime) -> bool:
    """Whether any words are to be asked for now."""
    return conn.execute(_ANY, {"now": now}).first() is not None


def claim_awaited(conn: Connection, now: datetime, until: datetime, limit: int) -> list[Awaited]:
    """Those that are due, each for whoever claims it until then. What a person decided meanwhile is forgotten."""
    claimed = []
    for due_at, tries, *row in conn.execute(_DUE, {"now": now, "most": limit}).all():
        width = len(PARKED.columns)
        found = PARKED.value(row[:width])
        if found.state != "parked":
            conn.execute(_DONE, {"parked": found.id})
        elif conn.execute(_CLAIM, {"parked": found.id, "seen": due_at, "until": until}).rowcount == 1:
            key = KEY.value(row[width:]) if row[width] is not None else None
            claimed.append(Awaited(found, key, tries + 1))
    return claimed


def ask_again(conn: Connection, parked_id: UUID, reason: str, at: datetime) -> None:
    """The words are not here yet: ask again then, and say why."""
    conn.execute(_LATER, {"parked": parked_id, "until": at})
    conn.execute(_REASON, {"parked": parked_id, "why": reason[:200]})


def stop_asking(conn: Connection, parked_id: UUID, reason: str | None = None) -> None:
    """The words are here, or, with a reason, given up: the part waits for a person."""
    conn.execute(_DONE, {"parked": parked_id})
    if reason is not None:
        conn.execute(_REASON, {"parked": parked_id, "why": reason[:200]})
