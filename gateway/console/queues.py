"""The queues of what waits for a person: parked and uncertain handoffs, mended one by one or by their cause."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from gateway.console.ticked import decided, each_of, ended, ticked
from gateway.console.visit import Visit
from gateway.ledger.cancelling import cancel
from gateway.ledger.destinations import list_destinations
from gateway.ledger.queues import CauseFilter, causes, codes_of, handoffs_waiting
from gateway.ledger.repairs import redrive
from gateway.ledger.undoing import take_back
from gateway.ledger.values import HandoffRow
from gateway.ledger.views import show_handoff
from gateway.resolving import Settler, resolve_handoff
from schemas.errors import Invalid, NotFound
from schemas.handoff import HandoffState

PAGE = 50
_SHOWN = 10
_MOST = 100_000
_REASON = 64
"""Characters of the reason of a handoff, which destinations' error words share."""


async def show_parked(visit: Visit) -> Response:
    """Parked handoffs, grouped by cause."""
    return await _queue(visit, HandoffState.PARKED)


async def show_uncertain(visit: Visit) -> Response:
    """Uncertain handoffs: each must be asked about at its destination."""
    return await _queue(visit, HandoffState.UNCERTAIN)


async def preview(visit: Visit) -> Response:
    """What would happen, before it does. Opened with nothing chosen, it leads to the queue."""
    if not visit.form:
        return visit.go("/parked")
    action = visit.needed("action")
    if action not in ("redrive", "cancel"):
        raise Invalid(visit.told("error.id"))
    rows = await _chosen(visit)
    decided = {row.name: row for row in await visit.desk.ledger.read(list_destinations)}
    names = sorted({row.destination for row in rows})
    return visit.page(
        "preview.html",
        here="/parked/preview",
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
    return await _done(visit, ids, "redriven", count, at=visit.now.isoformat(), by=visit.actor)


async def take_undo(visit: Visit) -> Response:
    """Park again what was redriven and has not begun."""
    count = await visit.desk.ledger.write(take_back, visit.moment(), visit.needed("by"), visit.actor, visit.now)
    visit.desk.books.forget()
    return visit.go("/parked", done="taken_back", n=count)


async def take_cancel(visit: Visit) -> Response:
    """Decide that they are not to be sent."""
    ids = [row.id for row in await _chosen(visit)]
    reason = visit.needed("why", _REASON)
    count = await visit.desk.ledger.write(cancel, ids, visit.actor, reason, visit.now)
    return await _done(visit, ids, "cancelled", count)


async def take_resolve(visit: Visit) -> Response:
    """Settle uncertain handoffs as their destination told: they arrived, or they did not."""
    ids, arrived, reference = ticked(visit), visit.needed("arrived") == "yes", visit.given("reference", 255) or None
    if reference and (len(ids) > 1 or not arrived):
        raise visit.wrong("reference", "queue.one_reference")
    desk = visit.desk
    settler = Settler(desk.ledger, desk.vault, desk.destinations, visit.actor, visit.now)

    async def settle(one: UUID) -> bool:
        await resolve_handoff(settler, await _known(visit, one), arrived=arrived, reference=reference)
        return True

    tally = await each_of(ids, settle)
    desk.books.forget()
    return await ended(visit, tally, "/uncertain", "resolved")


async def _done(visit: Visit, ids: list[UUID], done: str, count: int, **query: object) -> Response:
    """To the queue with how many were done. Raises Conflict when somebody else was first with all of them."""
    visit.desk.books.forget()
    if not count:
        raise await decided(visit, ids)
    missed = len(visit.chosen() or ids) - count
    return visit.go("/parked", done=done, n=count, missed=missed or None, **query)


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
    """The parked handoffs that were ticked, or all of the cause that was named. Raises Invalid, Conflict for none."""
    wanted = CauseFilter(visit.field("destination"), visit.field("reason"), visit.field("error"))
    if wanted.destination and wanted.reason and not visit.chosen():
        rows = await visit.desk.ledger.read(handoffs_waiting, HandoffState.PARKED, wanted, None, _MOST)
    else:
        found = [await visit.desk.ledger.read(show_handoff, each) for each in ticked(visit)[:1000]]
        rows = [row for row in found if row is not None and row.state is HandoffState.PARKED]
    if not rows:
        raise await decided(visit, visit.chosen())
    return rows


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
