"""What is done to a ledger that was put back from a backup, before anybody works with it again.

Whatever it holds as owed may have been delivered in the time between the backup and now, of which it knows nothing.
Nothing is sent for that: each handoff says of itself that it is restored, and the lifecycle asks, repeats under the
same key, or waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import word
from gateway.ledger.health import last_moment
from gateway.ledger.people import sessions
from gateway.ledger.tables import destinations, handoffs, log_head, restorations, workers
from schemas.ids import new_id

WENT_BACK_RULE = "rule:went_back"
"""Who has paused a destination because the ledger was found to be an older one."""

_OPEN = handoffs.c.state.in_([word("pending"), word("uncertain"), word("parked")])
_MARK = update(handoffs).where(_OPEN).values(restored=True, updated_at=bindparam("now"))
_FENCE = update(workers).where(workers.c.reaped_at.is_(None)).values(reaped_at=bindparam("now"))
_SIGN_OUT = update(sessions).where(sessions.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))
_LET_GO = (
    update(destinations)
    .where(destinations.c.paused_by == WENT_BACK_RULE)
    .values(paused_at=None, paused_by=None, reason=None)
)
_COUNT = select(handoffs.c.state, func.count()).where(_OPEN).group_by(handoffs.c.state)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the ledger knew when it was backed up. `last_moment`: its last attempt; None when there was none yet."""

    last_moment: datetime | None
    log_size: int
    pending: int
    uncertain: int
    parked: int

    @property
    def open(self) -> int:
        """How many handoffs had not come to an end."""
        return self.pending + self.uncertain + self.parked


def remembered(conn: Connection) -> Remembered:
    """What the ledger knows."""
    counts: dict[str, int] = {state: number for state, number in conn.execute(_COUNT)}  # noqa: C416 - a row is no pair
    size = conn.execute(select(log_head.c.size)).scalar_one()
    states = (counts.get(state, 0) for state in ("pending", "uncertain", "parked"))
    return Remembered(last_moment(conn), size, *states)


def mark_restored(conn: Connection, actor: str, now: datetime) -> Remembered:
    """Doubt whatever is not at its end, take every worker for dead, sign everybody out; and keep a record of it.

    What was held because the ledger went back goes on. Doing it again does no harm: what was settled since is at its
    end.
    """
    known = remembered(conn)
    for statement in (_FENCE, _MARK, _SIGN_OUT):
        conn.execute(statement, {"now": now})
    conn.execute(_LET_GO)
    identity = new_id(now)
    row = {
        "id": identity,
        "at": now,
        "actor": actor,
        "last_moment": known.last_moment,
        "log_size": known.log_size,
    }
    conn.execute(insert(restorations), row)
    last = known.last_moment.isoformat() if known.last_moment else None
    note_each(conn, [identity], "restored", actor, now, handoffs=known.open, log_size=known.log_size, last_moment=last)
    return known
