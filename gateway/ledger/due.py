"""What is due and has not been rung for lately: the work that the sweeper finds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select, union, update

from gateway.ledger.dialects import Both
from gateway.ledger.tables import destinations, handoffs
from gateway.ledger.turns import is_free, is_in_turn

_UNRUNG = and_(is_free(handoffs), handoffs.c.rung_at.is_(None))
_RUNG = and_(is_free(handoffs), handoffs.c.rung_at.is_not(None))


def _places(name: str, condition: ColumnElement[bool]) -> Select[Any]:
    """The destinations that have such handoffs: one look into the index for each, however many handoffs there are."""
    first = select(func.min(handoffs.c.destination).label("name")).where(condition).cte(name, recursive=True)
    after = select(func.min(handoffs.c.destination)).where(condition, handoffs.c.destination > first.c.name)
    places = first.union_all(select(after.correlate(first).scalar_subquery()).where(first.c.name.is_not(None)))
    paused = select(destinations.c.name).where(destinations.c.paused_at.is_not(None))
    return select(places.c.name).where(places.c.name.is_not(None), places.c.name.not_in(paused))


def _some(condition: ColumnElement[bool], *order: ColumnElement[Any]) -> Select[Any]:
    return (
        select(handoffs.c.id)
        .where(handoffs.c.destination == bindparam("destination"), condition)
        .where(handoffs.c.due_at <= bindparam("now"), is_in_turn(handoffs))
        .order_by(*order)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, of=handoffs)
    )


_PLACES = union(_places("unrung", _UNRUNG), _places("rung", _RUNG))
_NEVER_RUNG = _some(_UNRUNG, handoffs.c.priority, handoffs.c.due_at)
_RUNG_BEFORE = _some(and_(_RUNG, handoffs.c.rung_at < bindparam("before")), handoffs.c.rung_at)
_RING = Both(
    lambda dialect: update(handoffs).where(dialect.among(handoffs.c.id, "ids")).values(rung_at=bindparam("now"))
)


def due(
    conn: Connection, now: datetime, ring_again_before: datetime, limit: int, rooms: Mapping[str, int] | None = None
) -> list[tuple[str, UUID]]:
    """Handoffs to ring for, as pairs of destination and id, and marks them as rung.

    At most `limit`, shared among the destinations so that none waits behind another's backlog; within one, by priority,
    then the longest due; then those that were rung for before `ring_again_before` and are still free. `rooms` is how
    many each destination may have, none where it names none: what a full lane would forget is not rung for.
    """
    left = dict.fromkeys(conn.execute(_PLACES).scalars(), limit)
    if rooms is not None:
        left = {destination: rooms.get(destination, 0) for destination in left}
    places = sorted(destination for destination, room in left.items() if room > 0)
    again_before = min(ring_again_before, now)  # what is rung for here is not found here again
    found: list[tuple[str, UUID]] = []
    while places and len(found) < limit:
        share = -(-(limit - len(found)) // len(places))
        more = []
        for destination in places:
            room = min(share, limit - len(found), left[destination])
            ids = _rung_for(conn, destination, now, again_before, room) if room else []
            found.extend((destination, identity) for identity in ids)
            left[destination] -= len(ids)
            if room and len(ids) == room:
                more.append(destination)
        places = more
    return found


def _rung_for(conn: Connection, destination: str, now: datetime, again_before: datetime, limit: int) -> list[UUID]:
    values = {"destination": destination, "now": now}
    ids = list(conn.execute(_NEVER_RUNG, {**values, "limit": limit}).scalars())
    if len(ids) < limit:
        ids += conn.execute(_RUNG_BEFORE, {**values, "before": again_before, "limit": limit - len(ids)}).scalars()
    if ids:
        conn.execute(_RING.on(conn), {"ids": ids, "now": now})
    return ids
