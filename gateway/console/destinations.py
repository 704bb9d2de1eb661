"""Destinations: which of them is well, how fast it answers, and the switch that stops it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from starlette.responses import Response

from gateway.certificates import expiry_or_none, trust_of
from gateway.console.histogram import histogram
from gateway.console.overview import shut
from gateway.console.visit import Visit
from gateway.ledger.activity import attempts_since, last_success, latencies
from gateway.ledger.destinations import list_destinations, pause, resume
from gateway.ledger.gates import list_gates
from gateway.ledger.queues import causes
from gateway.ledger.values import BalanceRow
from gateway.ledger.views import show_report
from gateway.operations.preview_cases import Looker, preview_of, stored_case
from gateway.probing import probe
from gateway.vault import Archived, Erased
from schemas.errors import Conflict, NotFound
from schemas.handoff import HandoffState

_HOUR = timedelta(hours=1)
_LATEST = 500


async def show_all(visit: Visit) -> Response:
    """All of them, one line each."""
    desk = visit.desk
    decided = {row.name: row for row in await desk.ledger.read(list_destinations)}
    attempts = await desk.ledger.read(attempts_since, visit.now - _HOUR)
    books = await desk.books.get()
    names = dict.fromkeys([*desk.config.destinations, *decided])
    return visit.page(
        "destinations.html",
        names=list(names),
        config=desk.config.destinations,
        decided=decided,
        gates=shut(await desk.ledger.read(list_gates)),
        sums={name: _sum(books, name) for name in names},
        attempts={name: {what: n for (to, what), n in attempts.items() if to == name} for name in names},
    )


async def show_one(visit: Visit) -> Response:
    """One of them with its histogram, its limits and what waits for it."""
    return await _page(visit, visit.request.path_params["name"], None)


async def take_pause(visit: Visit) -> Response:
    """Send nothing to it until it is resumed."""
    name = _known(visit)
    if not await visit.desk.ledger.write(pause, name, visit.actor, visit.needed("why"), visit.now):
        raise Conflict(visit.told("destinations.paused_before"))
    return visit.go(f"/destinations/{name}", done="paused")


async def take_resume(visit: Visit) -> Response:
    """Send to it again."""
    name = _known(visit)
    await visit.desk.ledger.write(resume, name, visit.actor, visit.now)
    return visit.go(f"/destinations/{name}", done="resumed")


async def take_test(visit: Visit) -> Response:
    """Find out whether it can be reached; nothing is sent."""
    name = _known(visit)
    entry = visit.desk.config.destinations[name].entry
    try:
        problem = await probe(entry.url, entry.connect_timeout, trust_of(entry))
    except OSError as error:
        return await _page(visit, name, visit.told("destinations.no_certificate", error=type(error).__name__))
    told = visit.told("destinations.not_reached", problem=problem) if problem else ""
    return await _page(visit, name, told)


async def show_preview(visit: Visit) -> Response:
    """What a stored report, or a sample, would become there: secrets masked, without reporter and words."""
    name, wanted = _known(visit), visit.query("report")
    configured = visit.desk.config.destinations[name]
    case = None
    if wanted:
        record = await visit.desk.ledger.read(show_report, wanted)
        if record is None:
            raise visit.wrong("report", "report.unknown")
        looker = Looker(visit.desk.ledger, visit.desk.vault, visit.actor, visit.now)
        try:
            case = await stored_case(looker, record, configured)
        except Archived as error:
            raise visit.wrong("report", "report.elsewhere") from error
        except Erased as error:
            raise visit.wrong("report", "report.gone") from error
    return visit.page("preview_case.html", name=name, wanted=wanted, shown=await preview_of(configured, case))


async def _page(visit: Visit, name: str, tested: str | None) -> Response:
    desk = visit.desk
    entry = desk.config.destinations.get(name)
    decided = {row.name: row for row in await desk.ledger.read(list_destinations)}.get(name)
    if entry is None and decided is None:
        raise NotFound(visit.told("error.nothing_here"))
    return visit.page(
        "destination.html",
        here=f"/destinations/{quote(name)}",
        name=name,
        entry=entry,
        decided=decided,
        picture=histogram(await desk.ledger.read(latencies, name, _LATEST)),
        last=await desk.ledger.read(last_success, name),
        sum=_sum(await desk.books.get(), name),
        causes=[one for one in await desk.ledger.read(causes, HandoffState.PARKED) if one.destination == name],
        tested=tested,
        expires=expiry_or_none(entry.entry) if entry else None,
        gates=[row for row in await desk.ledger.read(list_gates) if row.destination == name],
    )


def _known(visit: Visit) -> str:
    name: str = visit.request.path_params["name"]
    if name not in visit.desk.config.destinations:
        raise NotFound(visit.told("error.nothing_here"))
    return name


def _sum(books: list[BalanceRow], name: str) -> dict[str, int]:
    rows = [row for row in books if row.destination == name]
    return {state.value: sum(getattr(row, state.value) for row in rows) for state in HandoffState}
