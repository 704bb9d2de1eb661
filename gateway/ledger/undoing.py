"""Taking a redrive back, as far as nothing has come of it yet."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, update

from gateway.ledger.actions import actions_at, note_each
from gateway.ledger.cancelling import portions
from gateway.ledger.dialects import Both, word
from gateway.ledger.tables import handoffs
from schemas.handoff import HandoffState

_PARK_AGAIN = Both(
    lambda dialect: (
        update(handoffs)
        .where(
            dialect.among(handoffs.c.id, "ids"),
            handoffs.c.state == word("pending"),
            handoffs.c.owner.is_(None),
            handoffs.c.step_tries == 0,
            handoffs.c.updated_at == bindparam("redriven"),  # nothing has changed it since
        )
        .values(
            state=HandoffState.PARKED,
            stage=bindparam("was_stage"),
            reason=bindparam("was_reason"),
            due_at=None,
            rung_at=None,
            updated_at=bindparam("now"),
        )
        .returning(handoffs.c.id)
    )
)


def take_back(conn: Connection, redriven: datetime, by: str, actor: str, now: datetime) -> int:
    """Park again what `by` redrove at that very moment and no worker has begun. Returns how many.

    What was begun meanwhile stays as it is: a call that was made cannot be unmade.
    """
    count = 0
    for (stage, reason), ids in _redriven(conn, redriven, by).items():
        for some in portions(ids):
            values = {"ids": some, "redriven": redriven, "was_stage": stage, "was_reason": reason, "now": now}
            done = conn.execute(_PARK_AGAIN.on(conn), values).scalars().all()
            note_each(conn, done, "redrive.undo", actor, now)
            count += len(done)
    return count


def _redriven(conn: Connection, at: datetime, by: str) -> dict[tuple[str | None, str | None], list[UUID]]:
    """The handoffs of one redrive by the stage and reason with which they were parked."""
    found: dict[tuple[str | None, str | None], list[UUID]] = defaultdict(list)
    for subject, _, detail in actions_at(conn, at, by, ("redrive",)):
        found[detail.get("stage"), detail.get("reason")].append(UUID(subject))
    return found
