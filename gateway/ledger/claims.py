"""Who works on what: handoffs are claimed for a worker, and given back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Update, bindparam, exists, func, select, update

from gateway.ledger.casefiles import casefiles
from gateway.ledger.dialects import Both, Dialect
from gateway.ledger.due import LEAST_URGENT as LEAST_URGENT
from gateway.ledger.due import due as due
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import attempts, handoffs, results, workers
from gateway.ledger.turns import is_free, is_in_turn, is_running
from gateway.ledger.types import Instant
from gateway.ledger.values import Claimed
from schemas.errors import Fenced

_LIVES = exists().where(workers.c.id == bindparam("worker", type_=workers.c.id.type), workers.c.reaped_at.is_(None))


def _claim(dialect: Dialect) -> Any:
    """Rows that another claim holds locked are left to it, so that a ticket delivered twice waits for nobody."""
    wanted = handoffs.alias("wanted")
    free = (
        select(wanted.c.id)
        .where(dialect.among(wanted.c.id, "ids"), is_free(wanted), wanted.c.due_at <= bindparam("now"))
        .where(is_running(wanted), is_in_turn(wanted), _LIVES, wanted.c.priority <= bindparam("least"))
        .with_for_update(skip_locked=True, of=wanted)
    )
    return (
        update(handoffs)
        .where(handoffs.c.id.in_(free))
        .values(owner=bindparam("worker"), updated_at=bindparam("now"))
        .returning(*HANDOFF.columns)
    )


def _release(dialect: Dialect) -> Update:
    """One with an attempt under way cannot be given back: nobody could tell whether it arrived."""
    ended = exists().where(results.c.attempt_id == attempts.c.id)
    under_way = exists().where(attempts.c.handoff_id == handoffs.c.id, ~ended)
    return (
        update(handoffs)
        .where(dialect.among(handoffs.c.id, "ids"), handoffs.c.owner == bindparam("worker"), ~under_way)
        .values(
            owner=None,
            rung_at=None,
            due_at=func.coalesce(bindparam("due", type_=Instant), handoffs.c.due_at),
            clock_from=func.coalesce(bindparam("clock", type_=Instant), handoffs.c.clock_from),
        )
    )


_CLAIM = Prepared(_claim)
_RELEASE = Both(_release)
_OWNED = select(handoffs.c.id).where(handoffs.c.owner == bindparam("worker")).order_by(handoffs.c.id)


def claim(
    conn: Connection, ids: Sequence[UUID], worker: UUID, now: datetime, least: int = LEAST_URGENT
) -> list[Claimed]:
    """Take those of the handoffs that are due, free and in turn, in the order of `ids`; the rest is left as it is.

    `least` is the priority that they must have at least (0 is the most urgent).
    Raises Fenced when the worker was taken for dead or never registered.
    """
    if not ids:
        return []
    claimed = _CLAIM.rows(conn, {"ids": list(ids), "worker": worker, "now": now, "least": least})
    rows = {row.id: row for row in map(HANDOFF.value, claimed)}
    if not rows and not conn.execute(select(_LIVES), {"worker": worker}).scalar_one():
        raise Fenced("this worker was taken for dead: register again")
    return casefiles(conn, [rows[identity] for identity in dict.fromkeys(ids) if identity in rows])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one lane wants to have claimed; see `claim`."""

    ids: Sequence[UUID]
    worker: UUID
    now: datetime
    least: int = LEAST_URGENT


def claim_each(conn: Connection, items: list[Wanted]) -> list[list[Claimed]]:
    """Claim for several lanes in the same transaction, to be used with `Ledger.group`.

    Run again after its commit it finds nothing: whoever is given less than it wanted looks at `owned_by`.
    Raises Fenced as `claim` does.
    """
    answers: list[list[Claimed]] = [[] for _ in items]
    alike: dict[tuple[UUID, int], list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        alike[item.worker, item.least].append(place)
    for (worker, least), places in alike.items():
        place_of = {identity: place for place in reversed(places) for identity in items[place].ids}
        wanted = [identity for place in places for identity in items[place].ids]
        for claimed in claim(conn, wanted, worker, max(items[place].now for place in places), least):
            answers[place_of[claimed.handoff.id]].append(claimed)
    return answers


def release(
    conn: Connection,
    ids: Sequence[UUID],
    worker: UUID,
    due_at: datetime | None,
    clock_from: datetime | None = None,
) -> int:
    """Give back what the worker has claimed, due at another time; None: it keeps its place, or its retry clock.

    Returns how many; one with an attempt under way is not given back.
    """
    if not ids:
        return 0
    values = {"ids": list(ids), "worker": worker, "due": due_at, "clock": clock_from}
    return conn.execute(_RELEASE.on(conn), values).rowcount


def owned_by(conn: Connection, worker: UUID) -> list[UUID]:
    """What the worker has claimed, as the ledger knows it."""
    return list(conn.execute(_OWNED, {"worker": worker}).scalars())
