"""The queues of what waits for a person: parked and uncertain handoffs, mended one by one or by their cause."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.ledger.cancelling import cancel
from gateway.ledger.destinations import list_destinations
from gateway.ledger.queues import CauseFilter, causes, codes_of, handoffs_waiting
from gateway.ledger.repairs import redrive
from gateway.ledger.undoing import take_back
from gateway.ledger.values import HandoffRow
from gateway.ledger.views import show_handoff
from gateway.resolving import Settler, resolve_handoff
from schemas.errors import GatewayError, Invalid, NotFound
from schemas.handoff import HandoffState

PAGE = 50
_SHOWN = 10
_MOST = 100_000


async def show_parked(visit: Visit) -> Response:
    """Parked handoffs, grouped by cause."""
    return await _queue(visit, HandoffState.PARKED)


async def show_uncertain(visit: Visit) -> Response:
    """Uncertain handoffs: each must be asked about at its destination."""
    return await _queue(visit, HandoffState.UNCERTAIN)


async def preview(visit: Visit) -> Response:
    """What would happen, before it does."""
    rows = await _chosen(visit)
    if not rows:
        raise NotFound(visit.told("queue.none_chosen"))
    action = visit.needed("action")
    if action not in ("redrive", "cancel"):
        raise Invalid(visit.told("error.id"))
    decided = {row.name: row for row in await visit.desk.ledger.read(list_destinations)}
    names = sorted({row.destination for row in rows})
    return visit.page(
        "preview.html",
        action=action,
        rows=rows[:_SHOWN],
        count=len(rows),
        codes=await visit.desk.ledger.read(codes_of, [row.report_id for row in rows[:_SHOWN]]),
        reasons=sorted({row.reason or "" for row in rows}),
        destinations=[(name, visit.desk.config.destinations.get(name), decided.get(name)) for name in names],
        ids=[row.id for row in rows] if visit.chosen() else [],
        group={name: visit.field(name) for name in ("destination", "reason", "error")},
    )


async def take_redrive(visit: Visit) -> Response:
    """Put them back to be delivered."""
    ids = [row.id for row in await _chosen(visit)]
    count = await visit.desk.ledger.write(redrive, ids, visit.actor, visit.now)
    visit.desk.books.forget()
    return visit.go("/parked", done="redriven", n=count, at=visit.now.isoformat(), by=visit.actor)


async def take_undo(visit: Visit) -> Response:
    """Park again what was redriven and has not begun."""
    count = await visit.desk.ledger.write(take_back, visit.moment(), visit.needed("by"), visit.actor, visit.now)
    visit.desk.books.forget()
    return visit.go("/parked", done="taken_back", n=count)


async def take_cancel(visit: Visit) -> Response:
    """Decide that they are not to be sent."""
    ids = [row.id for row in await _chosen(visit)]
    reason = visit.needed("why")[:64]
    count = await visit.desk.ledger.write(cancel, ids, visit.actor, reason, visit.now)
    visit.desk.books.forget()
    return visit.go("/parked", done="cancelled", n=count)


async def take_resolve(visit: Visit) -> Response:
    """Settle uncertain handoffs as their destination told: they arrived, or they did not."""
    ids = visit.chosen()
    arrived = {"yes": True, "no": False}.get(visit.needed("arrived"))
    reference = visit.field("reference") or None
    if arrived is None or not ids or (reference and (len(ids) > 1 or not arrived)):
        raise Invalid(visit.told("queue.resolve_how"))
    desk = visit.desk
    settler = Settler(desk.ledger, desk.vault, desk.destinations, visit.actor, visit.now)
    done, problem = 0, ""
    for each in ids:
        try:
            await resolve_handoff(settler, await _known(visit, each), arrived=arrived, reference=reference)
            done += 1
        except GatewayError as error:
            problem = error.detail
    desk.books.forget()
    if problem and not done:
        raise Invalid(problem)
    return visit.go("/uncertain", done="resolved" if done == len(ids) else "resolved_part", n=done)


async def _queue(visit: Visit, state: HandoffState) -> Response:
    wanted = CauseFilter(visit.query("destination"), visit.query("reason"), visit.query("error"))
    ledger = visit.desk.ledger
    before = _id(visit, visit.query("before"))
    rows = await ledger.read(handoffs_waiting, state, wanted, before, PAGE + 1)
    return visit.page(
        f"{state.value}.html",
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        codes=await ledger.read(codes_of, [row.report_id for row in rows[:PAGE]]),
        causes=await ledger.read(causes, state),
        wanted=wanted,
    )


async def _chosen(visit: Visit) -> list[HandoffRow]:
    """The parked handoffs that were ticked, or all of the cause that was named."""
    ids = visit.chosen()
    if ids:
        found = [await visit.desk.ledger.read(show_handoff, each) for each in ids[:1000]]
        return [row for row in found if row is not None and row.state is HandoffState.PARKED]
    wanted = CauseFilter(visit.field("destination"), visit.field("reason"), visit.field("error"))
    if not wanted.destination or not wanted.reason:
        raise Invalid(visit.told("queue.none_chosen"))
    return await visit.desk.ledger.read(handoffs_waiting, HandoffState.PARKED, wanted, None, _MOST)


async def _known(visit: Visit, handoff_id: UUID) -> HandoffRow:
    row = await visit.desk.ledger.read(show_handoff, handoff_id)
    if row is None:
        raise NotFound(visit.told("error.id"))
    return row


def _id(visit: Visit, text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(visit.told("error.id")) from error
