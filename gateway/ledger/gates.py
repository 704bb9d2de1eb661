"""How each worker finds its destinations, written down so that people in other processes can see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, delete, or_, select

from gateway.ledger.many import Inserts
from gateway.ledger.shapes import GATE
from gateway.ledger.tables import destinations, gates, workers
from gateway.ledger.values import GateRow

_GATES = Inserts(gates)
_LIVING = select(workers.c.id).where(workers.c.reaped_at.is_(None))


def show_gates(conn: Connection, worker: UUID, rows: Sequence[GateRow]) -> None:
    """Write what a worker finds, in place of what it found before; and forget what dead workers found."""
    conn.execute(delete(gates).where(or_(gates.c.worker == worker, gates.c.worker.not_in(_LIVING))))
    _GATES.run(conn, [GATE.parameters(row) for row in rows])


class Around(NamedTuple):
    """What a worker wants to know of destinations: which are paused, and how each living worker finds each."""

    paused: frozenset[str]
    gates: tuple[GateRow, ...]


def look_around(conn: Connection) -> Around:
    """Both at one moment."""
    paused = conn.execute(select(destinations.c.name).where(destinations.c.paused_at.is_not(None))).scalars()
    return Around(frozenset(paused), tuple(list_gates(conn)))


def list_gates(conn: Connection) -> list[GateRow]:
    """What the living workers find, by destination."""
    query = select(*GATE.columns).where(gates.c.worker.in_(_LIVING)).order_by(gates.c.destination, gates.c.worker)
    return [GATE.value(row) for row in conn.execute(query)]
