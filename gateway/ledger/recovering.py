"""What waits because its destination was down: due again at once when it is well, in its old place in the line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from gateway.ledger.many import Changes
from gateway.ledger.tables import handoffs
from gateway.ledger.turns import is_free

_WAITING = (
    select(handoffs.c.id, handoffs.c.created_at, handoffs.c.clock_from)
    .where(
        is_free(handoffs),
        handoffs.c.rung_at.is_(None),  # whatever was rung for is due already
        handoffs.c.destination == bindparam("destination"),
        handoffs.c.due_at > bindparam("now"),
        handoffs.c.step_tries > 0,
        or_(
            handoffs.c.reason.in_(bindparam("reasons", expanding=True)),
            handoffs.c.reason.like("http\\_5%", escape="\\"),
        ),
        or_(handoffs.c.uncertain_step.is_(None), handoffs.c.updated_at < bindparam("settled")),
    )
    .order_by(handoffs.c.priority, handoffs.c.created_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=handoffs)
)
_FORWARD = Changes(handoffs, "due_at", "clock_from")


def bring_forward(
    conn: Connection, destination: str, reasons: Collection[str], settled: datetime, now: datetime, limit: int
) -> int:
    """Have those handoffs wait no longer that failed for one of the reasons, or for a 5xx; returns how many.

    They are due since they were made, so that they come before everything younger of their priority. Their retry clock
    is moved back by as much as they then seem to be overdue: what they waited for their destination counts as before.
    What may have arrived and was tried after `settled` waits on: asked so soon, its destination might not know it yet.
    """
    values = {"destination": destination, "reasons": sorted(reasons), "settled": settled, "now": now, "limit": limit}
    rows = [
        {"id": row.id, "due_at": row.created_at, "clock_from": row.clock_from - (now - row.created_at)}
        for row in conn.execute(_WAITING, values)
    ]
    _FORWARD.run(conn, rows)
    return len(rows)
