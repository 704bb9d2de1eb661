"""What a clock that was ahead left behind: handoffs that seem to have been written, or rung for, in the future."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, or_, update

from gateway.ledger.tables import handoffs
from gateway.ledger.turns import is_free

_LATE_CLOCK = case((handoffs.c.clock_from > bindparam("now"), bindparam("now")), else_=handoffs.c.clock_from)
_WRITTEN_LATER = handoffs.c.updated_at > bindparam("later")
_PUT_RIGHT = (
    update(handoffs)
    .where(is_free(handoffs), or_(_WRITTEN_LATER, handoffs.c.rung_at > bindparam("later")))
    .values(
        due_at=case((_WRITTEN_LATER, bindparam("now")), else_=handoffs.c.due_at),
        rung_at=None,
        clock_from=_LATE_CLOCK,
        updated_at=bindparam("now"),
    )
)


def put_right(conn: Connection, now: datetime, later: datetime) -> int:
    """Have what was written after `later`, a moment in the future, wait no more; returns how many handoffs there were.

    Whoever wrote it had a clock that was ahead, and its wait is ahead by as much. It is due now: a try too early does
    no harm, a day too late does.
    """
    return conn.execute(_PUT_RIGHT, {"now": now, "later": later}).rowcount
