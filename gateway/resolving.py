"""What a person found out about an uncertain handoff, recorded as the result of its last attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters.contract import Case, Destination
from gateway.casework import open_case
from gateway.ledger import Ledger
from gateway.ledger.casefiles import casefiles
from gateway.ledger.repairs import resolve
from gateway.ledger.values import AttemptRow, HandoffChange, HandoffRow, ResultRow
from gateway.ledger.views import last_attempt, show_handoff
from gateway.merkle import leaf_hash
from gateway.records import result_record
from gateway.vault import Vault
from schemas.base import Json
from schemas.errors import Conflict, Invalid, NotFound
from schemas.handoff import Evidence, HandoffState, OutcomeKind, Receipt, ResultSource

CONFIRMED = "confirmed_by_operator"


@dataclass(frozen=True, slots=True)
class Settler:
    """Who settles, and what is needed to know which steps are left."""

    ledger: Ledger
    vault: Vault
    destinations: Mapping[str, Destination]
    actor: str
    now: datetime


async def resolve_handoff(settler: Settler, row: HandoffRow, *, arrived: bool, reference: str | None) -> HandoffState:
    """Settle an uncertain handoff and say where it stands then.

    Raises Invalid when it is not uncertain, or when the steps that are left need the destination's reference; Conflict
    when somebody else settled it meanwhile.
    """
    if row.state is not HandoffState.UNCERTAIN:
        detail = f"this handoff is {row.state.value}; only an uncertain one is resolved"
        raise Invalid(detail, cause="decided_meanwhile")
    facts: dict[str, Any] = {"arrived": arrived, "actor": settler.actor, "now": settler.now}
    if arrived:
        attempt = await settler.ledger.read(last_attempt, row.id)
        if attempt is None:
            raise NotFound("this handoff was never tried; redrive or cancel it", cause="never_tried")
        result = _result(settler, attempt, reference)
        facts |= {"reference": reference, "result": result, "change": await _change(settler, row, reference)}
    if not await settler.ledger.write(resolve, row.id, **facts):
        raise Conflict("somebody settled this handoff meanwhile; look at it again", cause="decided_meanwhile")
    settled = await settler.ledger.read(show_handoff, row.id)
    return settled.state if settled else row.state


def _result(settler: Settler, attempt: AttemptRow, reference: str | None) -> ResultRow:
    receipt = Receipt(reference=reference, received_at=settler.now).model_dump(mode="json") if reference else None
    facts: dict[str, Any] = {
        "attempt_id": attempt.id,
        "source": ResultSource.OPERATOR,
        "ended_at": settler.now,
        "outcome": OutcomeKind.DELIVERED,
        "reason": CONFIRMED,
        "status": None,
        "actor": settler.actor,
        "response": None,
        "receipt": receipt,
        "sealed_excerpt": None,
    }
    return ResultRow(leaf=leaf_hash(result_record(**facts)), **facts)


async def _change(settler: Settler, row: HandoffRow, reference: str | None) -> HandoffChange:
    """Where the handoff stands with its step done: delivered, or pending while steps are left."""
    step = row.uncertain_step
    yields: dict[str, Json] = {"reference": reference} if reference else {}
    progress = {**row.progress, step: {**row.progress.get(step, {}), **yields}} if step else dict(row.progress)
    left = await _is_anything_left(settler, row, progress)
    if left and not reference:
        detail = "the destination has steps left that need its number for the case; give it (--reference)"
        raise Invalid(detail, cause="needs_reference")
    evidence = Evidence.DUPLICATE_SUSPECTED if row.released else Evidence.CONFIRMED
    return HandoffChange(
        state=HandoffState.PENDING if left else HandoffState.DELIVERED,
        progress=progress,
        clock_from=settler.now,
        tries=row.tries,
        step_tries=0,
        released=row.released,
        due_at=settler.now if left else None,
        evidence=evidence,
        reference=reference or row.reference,
        restored=row.restored,
    )


async def _is_anything_left(settler: Settler, row: HandoffRow, progress: dict[str, dict[str, Json]]) -> bool:
    """Whether the destination's adapter has a step after those in `progress`. Raises NotFound without one."""
    destination = settler.destinations.get(row.destination)
    if destination is None:
        detail = f"the configuration has no destination {row.destination}; put it back to resolve its handoffs"
        raise NotFound(detail, cause="no_destination", about=row.destination)
    (claimed,) = await settler.ledger.read(casefiles, [row])
    case: Case = open_case(claimed, settler.vault, identity=False).case
    return destination.next_step(replace(case, progress=progress)) is not None
