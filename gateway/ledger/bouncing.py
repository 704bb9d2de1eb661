"""Mails that came back: recorded beside the result that said they were taken, and their handoffs set aside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from gateway.ledger.actions import note_each
from gateway.ledger.attempts import change_handoffs, change_parameters, insert_results
from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import attempts, handoffs, results
from gateway.ledger.values import HandoffChange, HandoffRow, ResultRow
from schemas.errors import Busy, Invalid
from schemas.handoff import HandoffState, ParkStage, ResultSource

BOUNCED = "bounced"
_ONE = select(*HANDOFF.columns).where(handoffs.c.id == bindparam("handoff")).with_for_update()
_LAST = (
    select(attempts.c.id, attempts.c.step)
    .where(attempts.c.handoff_id == bindparam("handoff"))
    .order_by(attempts.c.seq.desc())
    .limit(1)
)
_KNOWN = select(results.c.source).where(results.c.attempt_id == bindparam("attempt"))
_OPEN = (HandoffState.DELIVERED, HandoffState.PENDING, HandoffState.UNCERTAIN)


def take_back(conn: Connection, handoff_id: UUID, result: ResultRow, step: str, actor: str, now: datetime) -> bool:
    """Park a handoff whose mail came back; False when there is nothing to take back (any more).

    `result` says so of the last attempt, with the source `bounce`; an attempt comes back once. `step` is the one that
    sent the mail: it is done anew when the handoff is redriven, and its delivery then counts as perhaps a second one,
    since of several recipients one may have got the first. Raises Invalid for another source, Busy while a worker is
    at the handoff.
    """
    if result.source is not ResultSource.BOUNCE:
        raise Invalid("what came back is recorded as a bounce")
    row = conn.execute(_ONE, {"handoff": handoff_id}).first()
    last = conn.execute(_LAST, {"handoff": handoff_id}).first()
    if row is None or last is None or (last.id, last.step) != (result.attempt_id, step):
        return False
    handoff = HANDOFF.value(row)
    known = conn.execute(_KNOWN, {"attempt": last.id}).scalars().all()
    if handoff.state not in _OPEN or ResultSource.BOUNCE in known:
        return False
    if handoff.owner is not None or not known:
        raise Busy("a worker is at this handoff now; hand the bounce in again")
    insert_results(conn, [result])
    change_handoffs(conn, [change_parameters(handoff_id, _parked(handoff, step), None, now)])
    note_each(conn, [handoff_id], "bounce", actor, now)
    return True


def _parked(handoff: HandoffRow, step: str) -> HandoffChange:
    """The old reference stays: a receipt gave it, and the next one replaces it."""
    return HandoffChange(
        state=HandoffState.PARKED,
        progress={name: dict(yields) for name, yields in handoff.progress.items() if name != step},
        clock_from=handoff.clock_from,
        tries=handoff.tries,
        step_tries=0,
        released=True,
        stage=ParkStage.DELIVER,
        reason=BOUNCED,
        evidence=None,
        reference=handoff.reference,
    )
