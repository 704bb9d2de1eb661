"""Workers: their lease, and what those that are gone left behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, exists, select, update

from gateway.ledger.casefiles import casefiles
from gateway.ledger.many import Inserts
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import ATTEMPT, HANDOFF, WORKER
from gateway.ledger.tables import attempts, handoffs, results, workers
from gateway.ledger.values import AttemptRow, HandoffRow, Living, Orphan, WorkerRow

_WORKERS = Inserts(workers)
_BEAT = Prepared(
    lambda _: (
        update(workers)
        .where(workers.c.id == bindparam("worker"), workers.c.reaped_at.is_(None))
        .values(beats=workers.c.beats + 1)
        .returning(workers.c.id)
    )
)
_LIVING = Prepared(
    lambda _: (
        select(workers.c.id, workers.c.beats, workers.c.host, workers.c.pid)
        .where(workers.c.reaped_at.is_(None))
        .order_by(workers.c.id)
    )
)
_FENCE = (
    update(workers)
    .where(workers.c.id == bindparam("worker"), workers.c.reaped_at.is_(None))
    .values(reaped_at=bindparam("now"))
)
_LEAVE = delete(workers).where(workers.c.id == bindparam("worker"))
_LIVING_IDS = select(workers.c.id).where(workers.c.reaped_at.is_(None))
_ORPHANED = Prepared(
    lambda _: (
        select(*HANDOFF.columns)
        .where(handoffs.c.owner.is_not(None), handoffs.c.owner.not_in(_LIVING_IDS))
        .order_by(handoffs.c.priority, handoffs.c.id)
        .limit(bindparam("limit"))
    )
)
_HELD = Prepared(
    lambda dialect: (
        select(*HANDOFF.columns)
        .where(dialect.among(handoffs.c.id, "ids"), handoffs.c.owner == bindparam("worker"))
        .order_by(handoffs.c.id)
    )
)
_OPEN = Prepared(
    lambda dialect: (
        select(*ATTEMPT.columns)
        .where(dialect.among(attempts.c.handoff_id, "ids"), ~exists().where(results.c.attempt_id == attempts.c.id))
        .order_by(attempts.c.seq)
    )
)


def register(conn: Connection, worker: WorkerRow) -> None:
    """Let a worker in; doing it again changes nothing."""
    _WORKERS.run(conn, [WORKER.parameters(worker)])


def beat(conn: Connection, worker_id: UUID) -> bool:
    """Say that the worker lives; False when it was taken for dead."""
    return len(_BEAT.rows(conn, {"worker": worker_id})) == 1


def living(conn: Connection) -> list[Living]:
    """The workers that nobody took for dead."""
    return [Living(*row) for row in _LIVING.rows(conn, {})]


def fence(conn: Connection, worker_id: UUID, now: datetime) -> bool:
    """Take a worker for dead: from now on it can record nothing that makes a call. False when it was before."""
    return conn.execute(_FENCE, {"worker": worker_id, "now": now}).rowcount == 1


def leave(conn: Connection, worker_id: UUID) -> None:
    """A worker goes. What it did not give back is found by `orphans`."""
    conn.execute(_LEAVE, {"worker": worker_id})


def orphans(conn: Connection, limit: int = 500) -> list[Orphan]:
    """Handoffs whose worker was taken for dead or is unknown, the urgent first."""
    return _with_open_attempts(conn, [HANDOFF.value(row) for row in _ORPHANED.rows(conn, {"limit": limit})])


def held(conn: Connection, worker: UUID, ids: Sequence[UUID]) -> list[Orphan]:
    """Those of the handoffs that the worker has claimed: to take up what a fault made it forget."""
    if not ids:
        return []
    rows = _HELD.rows(conn, {"ids": list(ids), "worker": worker})
    return _with_open_attempts(conn, [HANDOFF.value(row) for row in rows])


def _with_open_attempts(conn: Connection, rows: list[HandoffRow]) -> list[Orphan]:
    if not rows:
        return []
    found = _OPEN.rows(conn, {"ids": [row.id for row in rows]})
    open_attempts: dict[UUID, AttemptRow] = {attempt.handoff_id: attempt for attempt in map(ATTEMPT.value, found)}
    return [Orphan(case, open_attempts.get(case.handoff.id)) for case in casefiles(conn, rows)]
