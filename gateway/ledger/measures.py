"""What a worker reads now and then for its metrics: each from an index that is only as large as what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import word
from gateway.ledger.health import overdue, unsigned_since
from gateway.ledger.registers import actions, destinations, workers
from gateway.ledger.tables import checkpoints, parked

VERIFIED = "verified"
"""The action that keeps what a verification of the journal found; its subject is the journal's origin."""


class Verified(NamedTuple):
    """When somebody last verified the journal, and whether it was whole."""

    at: datetime
    whole: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """All of it. `due`: by destination how many are due and since when the oldest; paused destinations are left out.

    `set_aside`: what waits for a decision, by stage. `checkpoint`: size and time of the last signature.
    """

    due: dict[str, tuple[int, datetime]]
    paused: frozenset[str]
    set_aside: dict[str, int]
    workers: int
    checkpoint: tuple[int, datetime] | None
    unsigned_since: datetime | None
    verified: Verified | None


def measured(conn: Connection, now: datetime, origin: str) -> Measured:
    """Read it. Raises Tampered when the journal's head is damaged."""
    paused = select(destinations.c.name).where(destinations.c.paused_at.is_not(None))
    aside = select(parked.c.stage, func.count()).where(parked.c.state == word("parked")).group_by(parked.c.stage)
    signed = select(checkpoints.c.size, checkpoints.c.signed_at).order_by(checkpoints.c.size.desc()).limit(1)
    last = conn.execute(signed).first()
    return Measured(
        due={one.destination: (one.handoffs, one.oldest) for one in overdue(conn, now)},
        paused=frozenset(conn.execute(paused).scalars()),
        set_aside={stage: count for stage, count in conn.execute(aside)},  # noqa: C416 - a row is no pair
        workers=conn.execute(select(func.count()).where(workers.c.reaped_at.is_(None))).scalar_one(),
        checkpoint=(last.size, last.signed_at) if last else None,
        unsigned_since=unsigned_since(conn),
        verified=last_verification(conn, origin),
    )


def last_verification(conn: Connection, origin: str) -> Verified | None:
    """What the last verification found; None before the first."""
    query = (
        select(actions.c.at, actions.c.detail)
        .where(actions.c.subject == origin[:64], actions.c.action == VERIFIED)
        .order_by(actions.c.id.desc())
        .limit(1)
    )
    row = conn.execute(query).first()
    return Verified(row.at, bool(row.detail["whole"])) if row else None


def signed_first(conn: Connection) -> datetime | None:
    """When the journal was first signed; None before."""
    query = select(checkpoints.c.signed_at).order_by(checkpoints.c.size).limit(1)
    return conn.execute(query).scalar_one_or_none()


def keep_verification(conn: Connection, actor: str, origin: str, size: int, now: datetime, whole: bool) -> None:
    """Keep what a verification of so many records found."""
    note_each(conn, [origin[:64]], VERIFIED, actor, now, size=size, whole=whole)
