"""Cancelling: a person decides that handoffs are not to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import Both, word
from gateway.ledger.links import stir_owners
from gateway.ledger.tables import handoffs
from schemas.handoff import HandoffState

AT_ONCE = 1000

_CANCELLABLE = (word("parked"), word("uncertain"), word("pending"))
_CANCEL = Both(
    lambda dialect: (
        update(handoffs)
        .where(dialect.among(handoffs.c.id, "ids"), handoffs.c.state.in_(_CANCELLABLE), handoffs.c.owner.is_(None))
        .values(
            state=HandoffState.CANCELLED,
            reason=bindparam("why"),
            due_at=None,
            rung_at=None,
            updated_at=bindparam("now"),
        )
        .returning(handoffs.c.id)
    )
)


def cancel(conn: Connection, ids: Sequence[UUID], actor: str, reason: str, now: datetime) -> int:
    """Decide that handoffs are not to be sent; one that is being worked on is left. Returns how many were cancelled."""
    count = 0
    for some in portions(ids):
        done = conn.execute(_CANCEL.on(conn), {"ids": some, "why": reason, "now": now}).scalars().all()
        note_each(conn, done, "cancel", actor, now, reason=reason)
        stir_owners(conn, done, now)
        count += len(done)
    return count


def portions(ids: Sequence[UUID]) -> list[list[UUID]]:
    """In portions that fit into a statement; sorted, so that two people's repairs never wait for each other."""
    whole = sorted(set(ids))
    return [whole[start : start + AT_ONCE] for start in range(0, len(whole), AT_ONCE)]
