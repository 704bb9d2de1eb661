"""What time alone does to handoffs: a deadline passes, an uncertainty lasts. Each leaves a row in `actions`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, exists, func, null, or_, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import Both, word
from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import handoffs, messages
from gateway.ledger.turns import is_free
from gateway.ledger.values import HandoffRow
from schemas.handoff import HandoffState, ParkStage

DEADLINE_RULE = "rule:deadline"
DEADLINE_PASSED = "deadline_passed"
TOO_LONG_UNCERTAIN = "uncertain_too_long"

_ACCEPTED_BEFORE = exists().where(  # the message that it begins with: a report's own clock, however long it was held
    messages.c.report_id == handoffs.c.report_id,
    messages.c.sequence == handoffs.c.first_sequence,
    messages.c.received_at < bindparam("before"),
)


def _waiting_since(*columns: Any) -> Select[Any]:
    return select(*columns).where(
        is_free(handoffs), handoffs.c.destination == bindparam("destination"), _ACCEPTED_BEFORE
    )


_OVERDUE = (
    _waiting_since(handoffs.c.id, or_(handoffs.c.uncertain_step.is_not(None), handoffs.c.restored))
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=handoffs)
)
_HOW_MANY = _waiting_since(func.count())
_SET_ASIDE = Both(
    lambda dialect: (
        update(handoffs)
        .where(dialect.among(handoffs.c.id, "ids"), is_free(handoffs))
        .values(
            state=bindparam("to_state"),
            stage=bindparam("to_stage"),
            reason=DEADLINE_PASSED,
            due_at=null(),
            rung_at=null(),
            updated_at=bindparam("now"),
        )
    )
)
_UNCERTAIN = (
    select(*HANDOFF.columns)
    .where(
        handoffs.c.state == word("uncertain"),
        handoffs.c.destination == bindparam("destination"),
        handoffs.c.updated_at < bindparam("before"),
        handoffs.c.released.is_(False),
        handoffs.c.id > bindparam("after"),
    )
    .order_by(handoffs.c.id)
    .limit(bindparam("limit"))
)
_PARK = (
    update(handoffs)
    .where(handoffs.c.id == bindparam("handoff"), handoffs.c.state == word("uncertain"))
    .values(
        state=HandoffState.PARKED,
        stage=ParkStage.DELIVER,
        reason=TOO_LONG_UNCERTAIN,
        released=True,  # whoever redrives it sends again what may have arrived: the evidence will say so
        updated_at=bindparam("now"),
    )
)
_FIRST = UUID(int=0)


def set_aside_overdue(conn: Connection, destination: str, accepted_before: datetime, now: datetime, limit: int) -> int:
    """Set aside what waits at a destination and was accepted before a moment; returns how many, at most `limit`.

    It is parked; where an earlier try may have arrived it becomes uncertain. What is being worked on is left.
    """
    values = {"destination": destination, "before": accepted_before, "limit": limit}
    found = [(row[0], bool(row[1])) for row in conn.execute(_OVERDUE, values)]
    for may_have_arrived in (False, True):
        ids = [identity for identity, uncertain in found if uncertain is may_have_arrived]
        if not ids:
            continue
        state = HandoffState.UNCERTAIN if may_have_arrived else HandoffState.PARKED
        stage = None if may_have_arrived else ParkStage.DELIVER
        conn.execute(_SET_ASIDE.on(conn), {"ids": ids, "to_state": state, "to_stage": stage, "now": now})
        note_each(conn, ids, "park", DEADLINE_RULE, now, reason=DEADLINE_PASSED, state=state.value)
    return len(found)


def count_waiting_since(conn: Connection, destination: str, accepted_before: datetime) -> int:
    """How many handoffs wait at a destination that were accepted before a moment."""
    values = {"destination": destination, "before": accepted_before}
    return int(conn.execute(_HOW_MANY, values).scalar_one())


def uncertain_since(
    conn: Connection, destination: str, before: datetime, limit: int, after: UUID = _FIRST
) -> list[HandoffRow]:
    """Handoffs that became uncertain before a moment and were never released, by id, those after `after`."""
    values = {"destination": destination, "before": before, "after": after, "limit": limit}
    return [HANDOFF.value(row) for row in conn.execute(_UNCERTAIN, values)]


def park_uncertain(conn: Connection, handoff_id: UUID, actor: str, now: datetime) -> bool:
    """Park an uncertain handoff; False when it is not uncertain any more. Redriven, its evidence says that it may be
    there twice.
    """
    if conn.execute(_PARK, {"handoff": handoff_id, "now": now}).rowcount != 1:
        return False
    note_each(conn, [handoff_id], "park", actor, now, reason=TOO_LONG_UNCERTAIN)
    return True
