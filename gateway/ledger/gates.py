"""How each worker finds its destinations, written down so that people in other processes can see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, delete, or_, select

from gateway.ledger.dialects import Both
from gateway.ledger.many import Inserts
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import GATE
from gateway.ledger.tables import destinations, gates, workers
from gateway.ledger.values import GateRow

_GATES = Inserts(gates)
_LIVING = select(workers.c.id).where(workers.c.reaped_at.is_(None))
_FOUND = select(*GATE.columns).where(gates.c.worker.in_(_LIVING)).order_by(gates.c.destination, gates.c.worker)
_OTHERS = Prepared(lambda _: _FOUND.where(gates.c.worker != bindparam("worker")))
_PAUSED = Prepared(lambda _: select(destinations.c.name).where(destinations.c.paused_at.is_not(None)))
_FORGET = Both(
    lambda dialect: delete(gates).where(
        or_(
            and_(gates.c.worker == bindparam("worker"), dialect.among(gates.c.destination, "names")),
            gates.c.worker.not_in(_LIVING),
        )
    )
)


def show_gates(conn: Connection, worker: UUID, rows: Sequence[GateRow], gone: Collection[str] = ()) -> None:
    """Write what a worker finds now of these destinations, and nothing any more of those that are `gone`.

    What it found of others stays as it is, so that a change costs the same however many destinations there are. What
    dead workers found is forgotten.
    """
    names = [*gone, *(row.destination for row in rows)]
    conn.execute(_FORGET.on(conn), {"worker": worker, "names": names})
    _GATES.run(conn, [GATE.parameters(row) for row in rows])


class Around(NamedTuple):
    """What a worker wants to know of destinations: which are paused, and how each other living worker finds each."""

    paused: frozenset[str]
    gates: tuple[GateRow, ...]


def look_around(conn: Connection, worker: UUID) -> Around:
    """Both at one moment, for this worker."""
    paused = frozenset(row[0] for row in _PAUSED.rows(conn, {}))
    return Around(paused, tuple(map(GATE.value, _OTHERS.rows(conn, {"worker": worker}))))


def list_gates(conn: Connection) -> list[GateRow]:
    """What the living workers find, by destination."""
    return [GATE.value(row) for row in conn.execute(_FOUND)]
