"""The shapes of destinations' replies as all workers together learned them: paths and types, no values."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.destinations import resume
from gateway.ledger.many import Inserts
from gateway.ledger.prepared import Prepared
from gateway.ledger.tables import reply_shapes
from gateway.shape import Learned, learned_from, merged

_SHAPES = Inserts(reply_shapes)
_LEARNED = Prepared(
    lambda _: select(
        reply_shapes.c.destination,
        reply_shapes.c.step,
        reply_shapes.c.epoch,
        reply_shapes.c.samples,
        reply_shapes.c.learned,
    ).order_by(reply_shapes.c.destination, reply_shapes.c.step)
)


class KnownShape(NamedTuple):
    """What is known of one step. `epoch` counts how often a changed shape was accepted."""

    step: str
    epoch: int
    learned: Learned | None


def list_shapes(conn: Connection) -> dict[str, list[KnownShape]]:
    """What is known of each destination's replies, by step."""
    known: dict[str, list[KnownShape]] = defaultdict(list)
    for destination, step, epoch, samples, found in _LEARNED.rows(conn, {}):
        known[destination].append(KnownShape(step, epoch, learned_from(samples, found)))
    return known


def add_to_shape(
    conn: Connection, destination: str, step: str, epoch: int, learned: Learned, now: datetime
) -> KnownShape:
    """Add what a worker learned, and return what is known then. What was learned in an earlier epoch is dropped."""
    row = {"destination": destination, "step": step, "epoch": 0, "samples": 0, "learned": {}, "updated_at": now}
    _SHAPES.run(conn, [row])
    at = reply_shapes.c
    here = (at.destination == destination, at.step == step)
    query = select(at.epoch, at.samples, at.learned).where(*here).with_for_update()
    there, samples, document = conn.execute(query).one()
    known = learned_from(samples, document)
    if there != epoch:
        return KnownShape(step, there, known)
    known = merged(known, learned)
    values = {"samples": known.samples, "learned": known.as_json(), "updated_at": now}
    conn.execute(update(reply_shapes).where(*here).values(**values))
    return KnownShape(step, epoch, known)


def accept_shapes(conn: Connection, destination: str, actor: str, now: datetime) -> bool:
    """Forget what is known of a destination's replies, so that their new shape is learned, and send to it again.

    False when it was not paused: then only the shapes are forgotten.
    """
    values = {"epoch": reply_shapes.c.epoch + 1, "samples": 0, "learned": {}, "updated_at": now}
    conn.execute(update(reply_shapes).where(reply_shapes.c.destination == destination).values(**values))
    note_each(conn, [destination], "accept_shape", actor, now)
    return resume(conn, destination, actor, now)
