"""Handoffs: listed, shown, redriven, taken back, cancelled, resolved; alone or by their cause."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from gateway.api.ops.asked import MOST, Asked, answer, asked, page, published
from gateway.ledger.cancelling import cancel
from gateway.ledger.clocks import alarms_of
from gateway.ledger.queues import CauseFilter, causes, handoffs_waiting
from gateway.ledger.repairs import redrive
from gateway.ledger.undoing import take_back
from gateway.ledger.values import HandoffFilter, HandoffRow
from gateway.ledger.views import list_handoffs, show_handoff, show_report
from gateway.operations.documents import cause_row, handoff_document, handoff_row
from gateway.resolving import Settler, resolve_handoff
from gateway.roles import Permission
from schemas.base import EARLIEST, LATEST, Schema
from schemas.errors import GatewayError, Invalid, NotFound
from schemas.handoff import HandoffState

router = APIRouter(prefix="/v1/ops", tags=["operations"])

_AT_ONCE = 1000
_OF_A_CAUSE = 100_000
_SHOWN = 10
_ROW = ("id", "report_id", "channel", "destination", "kind", "state", "tries", "reason", "due_at", "updated_at")
Limit = Annotated[int, Query(ge=1, le=MOST)]
Moment = Annotated[AwareDatetime | None, Query(description="With its zone")]


class Chosen(Schema):
    """Handoffs by their ids, or all that wait for one cause as `queues` lists it. `dry_run`: only say which."""

    ids: list[UUID] | None = Field(None, min_length=1, max_length=_AT_ONCE)
    destination: str | None = None
    reason: str | None = None
    error: str | None = None
    dry_run: bool = False


class Cancelled(Chosen):
    """The same, with why they are not to be sent."""

    why: str = Field(min_length=1, max_length=64)


class Undone(Schema):
    """A redrive by what it was answered with."""

    at: AwareDatetime = Field(ge=EARLIEST, lt=LATEST)
    by: str | None = Field(None, max_length=64)


class Resolved(Schema):
    """What was found out about uncertain handoffs. `reference` goes with `arrived` and one handoff."""

    ids: list[UUID] = Field(min_length=1, max_length=_AT_ONCE)
    arrived: bool
    reference: str | None = Field(None, min_length=1, max_length=255)


@router.get("/handoffs", summary="List handoffs", **published("Newest first", *_ROW, "clock", rows=True))
async def get_handoffs(
    request: Request,
    destination: str | None = None,
    state: HandoffState | None = None,
    reason: str | None = None,
    channel: str | None = None,
    code: Annotated[str | None, Query(description="Of the report with this tracking code")] = None,
    since: Moment = None,
    until: Moment = None,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Limit = 50,
) -> Response:
    """Handoffs that the filter lets through; `since` and `until` are when they were made."""
    one = await asked(request, Permission.LOOK)
    wanted = HandoffFilter(destination, state, reason, channel, code, since, until)
    rows = await one.ledger.read(list_handoffs, wanted, after, limit + 1)
    alarms = await one.ledger.read(alarms_of, [row.id for row in rows])
    shown = [handoff_row(row) | {"clock": alarms.get(row.id)} for row in rows]
    return answer(page(shown, limit, rows[:limit][-1].id if rows else None))


@router.get("/queues", summary="What waits for a person, by cause", **published("By cause", "parked", "uncertain"))
async def get_queues(request: Request) -> Response:
    """Parked and uncertain handoffs by destination, reason and last error, the most frequent cause first."""
    one = await asked(request, Permission.LOOK)
    found = {state: await one.ledger.read(causes, state) for state in (HandoffState.PARKED, HandoffState.UNCERTAIN)}
    return answer({state.value: [cause_row(each) for each in rows] for state, rows in found.items()})


@router.get(
    "/handoffs/{handoff}",
    summary="Show a handoff with each of its attempts",
    **published("The handoff", *_ROW, "attempts", problems=("404",)),
)
async def get_handoff(request: Request, handoff: UUID) -> Response:
    """A handoff as it stands, and what every attempt came to."""
    one = await asked(request, Permission.LOOK)
    row = await _known(one, handoff)
    record = await one.ledger.read(show_report, row.report_id)
    if record is None:
        raise NotFound("the report of this handoff is not in the ledger")
    return answer(handoff_document(row, record))


@router.post(
    "/handoffs/redrive",
    summary="Put parked handoffs back to be delivered",
    **published("How many, and what undoes it", "count", "at", "by", body=Chosen, problems=("404",)),
)
async def post_redrive(request: Request) -> Response:
    """Those named, or all of a cause. `at` and `by` of the answer are what takes it back."""
    one = await asked(request, Permission.REPAIR)
    chosen = await one.body(Chosen)
    rows = await _parked(one, chosen)
    if chosen.dry_run:
        return answer(_foreseen(rows))
    count = await one.ledger.write(redrive, [row.id for row in rows], one.actor, one.now)
    return answer({"count": count, "at": one.now.isoformat(), "by": one.actor})


@router.post(
    "/handoffs/redrive/undo",
    summary="Take a redrive back",
    **published("How many had not begun", "count", body=Undone),
)
async def post_undo(request: Request) -> Response:
    """Park again what was redriven at that moment and has not begun; what was begun stays as it is."""
    one = await asked(request, Permission.REPAIR)
    undone = await one.body(Undone)
    count = await one.ledger.write(take_back, undone.at, undone.by or one.actor, one.actor, one.now)
    return answer({"count": count})


@router.post(
    "/handoffs/cancel",
    summary="Decide that handoffs are not to be sent",
    **published("How many", "count", body=Cancelled, problems=("404",)),
)
async def post_cancel(request: Request) -> Response:
    """Parked ones, named or all of a cause. A cancelled handoff cannot be brought back."""
    one = await asked(request, Permission.REPAIR)
    chosen = await one.body(Cancelled)
    rows = await _parked(one, chosen)
    if chosen.dry_run:
        return answer(_foreseen(rows))
    return answer({"count": await one.ledger.write(cancel, [row.id for row in rows], one.actor, chosen.why, one.now)})


@router.post(
    "/handoffs/resolve",
    summary="Say whether uncertain handoffs arrived",
    **published("Those settled, and why others were not", "settled", "problems", body=Resolved),
)
async def post_resolve(request: Request) -> Response:
    """After asking the destination. Arrived: delivered, confirmed by a person. Not arrived: it is sent again."""
    one = await asked(request, Permission.REPAIR)
    said = await one.body(Resolved)
    if said.reference and (not said.arrived or len(said.ids) > 1):
        raise Invalid("`reference` goes with `arrived` and one handoff only")
    settler = Settler(one.ledger, one.ops.vault, one.ops.destinations, one.actor, one.now)
    settled, problems = [], []
    for each in dict.fromkeys(said.ids):
        try:
            row = await _known(one, each)
            state = await resolve_handoff(settler, row, arrived=said.arrived, reference=said.reference)
            settled.append({"id": str(each), "state": state.value})
        except GatewayError as error:
            problems.append({"at": str(each), "problem": error.detail})
    if not settled:
        raise Invalid("none was settled; see `errors`", problems)
    return answer({"settled": settled, "problems": problems})


async def _known(one: Asked, handoff: UUID) -> HandoffRow:
    row = await one.ledger.read(show_handoff, handoff)
    if row is None:
        raise NotFound(f"there is no handoff {handoff}")
    return row


async def _parked(one: Asked, chosen: Chosen) -> list[HandoffRow]:
    """The parked handoffs that are meant. Raises Invalid when none is named, NotFound when none fits."""
    if (chosen.ids is None) == (chosen.destination is None or chosen.reason is None):
        raise Invalid("name `ids`, or a cause by `destination` and `reason` (and `error`)")
    if chosen.ids is not None:
        found = [await _known(one, each) for each in dict.fromkeys(chosen.ids)]
        rows = [row for row in found if row.state is HandoffState.PARKED]
    else:
        cause = CauseFilter(chosen.destination, chosen.reason, chosen.error)
        rows = await one.ledger.read(handoffs_waiting, HandoffState.PARKED, cause, None, _OF_A_CAUSE)
    if not rows:
        raise NotFound("no parked handoff fits")
    return rows


def _foreseen(rows: list[HandoffRow]) -> dict[str, Any]:
    """What would be changed: how many, where, and the first of them."""
    destinations = sorted({row.destination for row in rows})
    return {"count": len(rows), "destinations": destinations, "first": [handoff_row(row) for row in rows[:_SHOWN]]}
