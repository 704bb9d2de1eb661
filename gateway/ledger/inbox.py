"""Handoffs that their destinations fetch themselves: lent for a while, taken back when nobody says what became of them.

They are claimed for a seat: a worker's row that all processes share, so that one of them can take the answer to what
another lent. Whoever tends the inboxes beats for it; when it was taken for dead, the next one to lend takes another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, select, update

from gateway.ledger.attempts import begin_attempts
from gateway.ledger.casefiles import casefiles
from gateway.ledger.claims import LEAST_URGENT, claim
from gateway.ledger.dialects import Both, word
from gateway.ledger.inbox_tables import inbox_leases
from gateway.ledger.shapes import ATTEMPT, HANDOFF, RESULT
from gateway.ledger.tables import attempts, handoffs, results, workers
from gateway.ledger.turns import is_free, is_in_turn, is_running
from gateway.ledger.values import AttemptRow, Begin, Claimed, Orphan, ResultRow, WorkerRow
from gateway.ledger.workers import register
from schemas.ids import first_id

SEAT_HOST = "inbox"
"""No host is called so: hosts carry a boot id."""
NOT_COLLECTED = "not_collected"

_SEAT = (
    select(workers.c.id)
    .where(workers.c.host == SEAT_HOST, workers.c.reaped_at.is_(None))
    .order_by(workers.c.id)
    .limit(1)
)
_BEAT = (
    update(workers).where(workers.c.host == SEAT_HOST, workers.c.reaped_at.is_(None)).values(beats=workers.c.beats + 1)
)
_WAITING = and_(
    is_free(handoffs),
    handoffs.c.destination == bindparam("destination"),
    handoffs.c.due_at <= bindparam("now"),
    handoffs.c.priority <= bindparam("least"),
    is_running(handoffs),
    is_in_turn(handoffs),
)
_NEXT = select(handoffs.c.id).where(_WAITING).order_by(handoffs.c.priority, handoffs.c.due_at, handoffs.c.id)
_SINCE = (
    select(func.count())
    .select_from(attempts)
    .where(attempts.c.destination == bindparam("destination"), attempts.c.id > bindparam("after"))
)
_LENT = (
    select(func.count())
    .select_from(inbox_leases)
    .where(
        inbox_leases.c.destination == bindparam("destination"),
        inbox_leases.c.attempt_id.is_not(None),
        inbox_leases.c.until > bindparam("now"),
    )
)
_DROP = Both(lambda dialect: delete(inbox_leases).where(dialect.among(inbox_leases.c.handoff_id, "ids")))
_HAND_OUT = (
    update(inbox_leases)
    .where(inbox_leases.c.handoff_id == bindparam("handoff"))
    .values(attempt_id=bindparam("attempt"), until=bindparam("end"))
)
_ENDED = exists().where(results.c.attempt_id == attempts.c.id)
_LAST = select(*ATTEMPT.columns).where(attempts.c.handoff_id == bindparam("handoff")).order_by(attempts.c.seq.desc())
_UNCOLLECTED = and_(is_free(handoffs), handoffs.c.reason == word(NOT_COLLECTED))


@dataclass(frozen=True, slots=True)
class Lent:
    """A handoff as its destination may answer for it: with its last attempt, and what is recorded of that."""

    claimed: Claimed
    attempt: AttemptRow | None
    results: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many handoffs wait to be fetched, and how many are lent."""

    waiting: int
    lent: int


def seat(conn: Connection, row: WorkerRow) -> UUID:
    """The living seat, or `row` made into one."""
    found = conn.execute(_SEAT).scalar()
    if isinstance(found, UUID):
        return found
    register(conn, row)
    return row.id


def keep_seat(conn: Connection) -> None:
    """Say that somebody tends the inboxes."""
    conn.execute(_BEAT)


def lent_since(conn: Connection, destination: str, since: datetime) -> int:
    """How many attempts a destination was handed out since then."""
    return int(conn.execute(_SINCE, {"destination": destination, "after": first_id(since)}).scalar_one())


def lend(
    conn: Connection,
    destination: str,
    limit: int,
    worker: UUID,
    now: datetime,
    until: datetime,
    least: int = LEAST_URGENT,
) -> list[Claimed]:
    """Claim what waits for a destination, the urgent and then the oldest first, to be handed out by `until`.

    `least` is the priority that they must have at least. Pauses and turns hold as for every claim.
    Raises Fenced when the seat was taken for dead.
    """
    values = {"destination": destination, "now": now, "least": least}
    ids = list(conn.execute(_NEXT.limit(limit), values).scalars())
    claimed = claim(conn, ids, worker, now, least)
    drop_leases(conn, [one.handoff.id for one in claimed])
    rows = [
        {"handoff_id": one.handoff.id, "destination": destination, "worker": worker, "until": until} for one in claimed
    ]
    if rows:
        conn.execute(insert(inbox_leases), rows)
    return claimed


def hand_out(conn: Connection, begins: Sequence[Begin], until: datetime) -> list[bool]:
    """Record the attempts that are about to be made, with their leases; False for one that is not the seat's any more.

    Raises Fenced when the seat was taken for dead.
    """
    if not begins:
        return []
    begun = begin_attempts(conn, list(begins))
    lent = [
        {"handoff": begin.handoff_id, "attempt": begin.id, "end": until}
        for begin, its in zip(begins, begun, strict=True)
        if its
    ]
    if lent:
        conn.execute(_HAND_OUT, lent)
    return begun


def run_out(conn: Connection, now: datetime, limit: int) -> list[Orphan]:
    """Handoffs whose lease is over while nobody has said what became of them."""
    over = (
        select(*HANDOFF.columns)
        .join(inbox_leases, inbox_leases.c.handoff_id == handoffs.c.id)
        .where(inbox_leases.c.until <= now, handoffs.c.owner == inbox_leases.c.worker)
        .order_by(inbox_leases.c.until)
        .limit(limit)
    )
    found = []
    for one in casefiles(conn, [HANDOFF.value(row) for row in conn.execute(over)]):
        row = conn.execute(_LAST.where(~_ENDED).limit(1), {"handoff": one.handoff.id}).first()
        found.append(Orphan(one, ATTEMPT.value(row) if row else None))
    return found


def drop_leases(conn: Connection, ids: Sequence[UUID]) -> None:
    """Forget leases."""
    if ids:
        conn.execute(_DROP.on(conn), {"ids": list(ids)})


def drop_stale_leases(conn: Connection, now: datetime) -> int:
    """Forget leases that are over and whose handoffs have moved on; how many there were."""
    held = exists().where(handoffs.c.id == inbox_leases.c.handoff_id, handoffs.c.owner == inbox_leases.c.worker)
    return conn.execute(delete(inbox_leases).where(inbox_leases.c.until <= now, ~held)).rowcount


def lent(conn: Connection, destination: str, handoff_id: UUID) -> Lent | None:
    """A handoff of a destination with its last attempt; None when the destination has none of this id."""
    query = select(*HANDOFF.columns).where(handoffs.c.id == handoff_id, handoffs.c.destination == destination)
    row = conn.execute(query).first()
    if row is None:
        return None
    (claimed,) = casefiles(conn, [HANDOFF.value(row)])
    last = conn.execute(_LAST.limit(1), {"handoff": handoff_id}).first()
    if last is None:
        return Lent(claimed, None, ())
    attempt = ATTEMPT.value(last)
    came = conn.execute(select(*RESULT.columns).where(results.c.attempt_id == attempt.id).order_by(results.c.seq))
    return Lent(claimed, attempt, tuple(RESULT.value(each) for each in came))


def counted(conn: Connection, destination: str, now: datetime, least: int = LEAST_URGENT) -> Counted:
    """How many handoffs wait for a destination now, and how many it has been lent."""
    values = {"destination": destination, "now": now, "least": least}
    waiting = conn.execute(select(func.count()).select_from(handoffs).where(_WAITING), values).scalar_one()
    return Counted(waiting, conn.execute(_LENT, values).scalar_one())


def mark_not_collected(conn: Connection, destination: str, before: datetime) -> int:
    """Give what a destination should have fetched by now that reason; how many it was. They stay owed."""
    late = update(handoffs).where(
        is_free(handoffs),
        handoffs.c.destination == destination,
        handoffs.c.created_at < before,
        handoffs.c.tries == 0,
        handoffs.c.reason.is_(None),
    )
    return conn.execute(late.values(reason=NOT_COLLECTED)).rowcount


def count_not_collected(conn: Connection) -> dict[str, int]:
    """How many handoffs of each destination were not fetched in time and still are not."""
    query = select(handoffs.c.destination, func.count()).where(_UNCOLLECTED).group_by(handoffs.c.destination)
    rows: Any = conn.execute(query)
    return {destination: number for destination, number in rows}  # noqa: C416 - a row is no pair
