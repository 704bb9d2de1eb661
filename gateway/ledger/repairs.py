"""What people decide about handoffs that were set aside. Each decision leaves a row in `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.attempts import change_handoffs, change_parameters, insert_results
from gateway.ledger.cancelling import cancel as cancel
from gateway.ledger.cancelling import portions
from gateway.ledger.dialects import Both, word
from gateway.ledger.erasure import erase_report as erase_report
from gateway.ledger.filters import matching
from gateway.ledger.set_aside import cancel_parked as cancel_parked
from gateway.ledger.set_aside import release_parked as release_parked
from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import handoffs
from gateway.ledger.values import HandoffChange, HandoffFilter, HandoffRow, ResultRow
from schemas.errors import Invalid
from schemas.handoff import Evidence, HandoffState, ResultSource

_REDRIVE = Both(
    lambda dialect: (
        update(handoffs)
        .where(dialect.among(handoffs.c.id, "ids"), handoffs.c.state == word("parked"))
        .values(
            state=HandoffState.PENDING,
            stage=None,
            reason=None,
            step_tries=0,
            due_at=bindparam("now"),
            clock_from=bindparam("now"),
            rung_at=None,
            updated_at=bindparam("now"),
        )
        .returning(handoffs.c.id)
    )
)
_CAUSES = Both(
    lambda dialect: (
        select(handoffs.c.id, handoffs.c.stage, handoffs.c.reason)
        .where(dialect.among(handoffs.c.id, "ids"), handoffs.c.state == word("parked"))
        .order_by(handoffs.c.id)
        .with_for_update()
    )
)
_ONE = select(*HANDOFF.columns).where(handoffs.c.id == bindparam("handoff")).with_for_update()


def redrive(conn: Connection, wanted: Sequence[UUID] | HandoffFilter, actor: str, now: datetime) -> int:
    """Put parked handoffs back, with their retry clock begun anew. Returns how many were parked.

    `wanted` are ids, or a filter for all parked handoffs that match it. Why each was parked stands in the record, so
    that what has not begun can be taken back (`gateway.ledger.undoing`).
    """
    ids = _parked_matching(conn, wanted) if isinstance(wanted, HandoffFilter) else list(wanted)
    count = 0
    for some in portions(ids):
        causes = {row.id: (row.stage, row.reason) for row in conn.execute(_CAUSES.on(conn), {"ids": some})}
        done = conn.execute(_REDRIVE.on(conn), {"ids": some, "now": now}).scalars().all()
        for cause in sorted({causes[each] for each in done}, key=repr):
            its = [each for each in done if causes[each] == cause]
            note_each(conn, its, "redrive", actor, now, stage=cause[0], reason=cause[1])
        count += len(done)
    return count


def resolve(
    conn: Connection,
    handoff_id: UUID,
    *,
    arrived: bool,
    actor: str,
    now: datetime,
    reference: str | None = None,
    result: ResultRow | None = None,
    change: HandoffChange | None = None,
) -> bool:
    """Settle an uncertain handoff; False when it is not uncertain (any more).

    It arrived: `result` is what the operator says of the last attempt, with the source `operator`; the handoff is then
    delivered, unless `change` says that other steps are left. It did not: the step is released to be sent again.
    Raises Invalid when the result is missing or not an operator's.
    """
    if arrived and result is None:
        raise Invalid("a handoff is only delivered with a result that says so")
    if result is not None and result.source is not ResultSource.OPERATOR:
        raise Invalid("what a person decides is recorded as the operator's")
    row = conn.execute(_ONE, {"handoff": handoff_id}).first()
    if row is None or row.state != HandoffState.UNCERTAIN:
        return False
    handoff = HANDOFF.value(row)
    if result is not None:
        insert_results(conn, [result])
    settled = change or (_arrived(handoff, reference) if arrived else _released(handoff, now))
    change_handoffs(conn, [change_parameters(handoff_id, settled, None, now)])
    note_each(conn, [handoff_id], "resolve", actor, now, arrived=arrived, reference=reference)
    return True


def _arrived(handoff: HandoffRow, reference: str | None) -> HandoffChange:
    step = handoff.uncertain_step
    yielded = {step: dict(handoff.progress.get(step, {}))} if step else {}
    return HandoffChange(
        state=HandoffState.DELIVERED,
        progress={**handoff.progress, **yielded},
        clock_from=handoff.clock_from,
        tries=handoff.tries,
        step_tries=handoff.step_tries,
        released=handoff.released,
        evidence=Evidence.DUPLICATE_SUSPECTED if handoff.released else Evidence.CONFIRMED,
        reference=reference or handoff.reference,
        restored=handoff.restored,
    )


def _released(handoff: HandoffRow, now: datetime) -> HandoffChange:
    return HandoffChange(
        state=HandoffState.PENDING,
        progress=handoff.progress,
        clock_from=now,
        tries=handoff.tries,
        step_tries=0,
        released=True,
        due_at=now,
        evidence=handoff.evidence,
        reference=handoff.reference,
    )


def _parked_matching(conn: Connection, wanted: HandoffFilter) -> list[UUID]:
    query = select(handoffs.c.id).where(handoffs.c.state == word("parked")).order_by(handoffs.c.id)
    return list(conn.execute(matching(query, wanted)).scalars())
