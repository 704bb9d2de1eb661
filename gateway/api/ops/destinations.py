"""Destinations: how they fare, their pause switch, a test of reach, and what they would be sent."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.ops.asked import Asked, answer, asked, published, unreadable
from gateway.api.ops.reports import Reason
from gateway.certificates import expiry_or_none, trust_of
from gateway.ledger.activity import last_success
from gateway.ledger.destinations import list_destinations, pause, resume
from gateway.ledger.gates import list_gates
from gateway.ledger.inbox import count_not_collected
from gateway.ledger.reply_shapes import accept_shapes
from gateway.ledger.views import show_report
from gateway.operations.preview_cases import Looker, preview_of, stored_case
from gateway.operations.rows import destination_row
from gateway.probing import probe
from gateway.roles import Permission
from gateway.vault import Erased
from schemas.errors import NotFound

router = APIRouter(prefix="/v1/ops/destinations", tags=["operations"])

_ROW = ("name", "adapter", "url", "state", "opens_at", "slots", "workers", "not_collected", "paused_by", "reason")
_ONE = (*_ROW, "certificate_expires_at", "last_delivered_at")


@router.get("", summary="List destinations", **published("As the configuration has them", *_ROW, rows=True))
async def get_destinations(request: Request) -> Response:
    """What the configuration says of each, what operations decided, and how the workers find it."""
    one = await asked(request, Permission.LOOK)
    return answer({"rows": list((await _rows(one)).values()), "next": None})


@router.get("/{name}", summary="Show a destination", **published("How it fares", *_ONE, problems=("404",)))
async def get_destination(request: Request, name: str) -> Response:
    """The same of one, with when it last took something and when our certificate for it expires."""
    one = await asked(request, Permission.LOOK)
    row = (await _rows(one)).get(name)
    if row is None:
        raise _unknown(name)
    entry = one.ops.config.destinations.get(name)
    more = {
        "certificate_expires_at": expiry_or_none(entry.entry) if entry else None,
        "last_delivered_at": await one.ledger.read(last_success, name),
    }
    return answer(row | more)


@router.post(
    "/{name}/pause", summary="Pause a destination", **published("Done", "changed", body=Reason, problems=("404",))
)
async def post_pause(request: Request, name: str) -> Response:
    """Send nothing to it until it is resumed. Handoffs keep their places; none is lost."""
    one = await asked(request, Permission.REPAIR)
    reason = (await one.body(Reason)).why
    _known(one, name)
    return answer({"changed": await one.ledger.write(pause, name, one.actor, reason, one.now)})


@router.post("/{name}/resume", summary="Resume a destination", **published("Done", "changed", problems=("404",)))
async def post_resume(request: Request, name: str) -> Response:
    """Send to it again."""
    one = await asked(request, Permission.REPAIR)
    _known(one, name)
    return answer({"changed": await one.ledger.write(resume, name, one.actor, one.now)})


@router.post(
    "/{name}/accept", summary="Accept the new shape of its replies", **published("Done", "resumed", problems=("404",))
)
async def post_accept(request: Request, name: str) -> Response:
    """The shape of its replies is learned anew, and sending goes on."""
    one = await asked(request, Permission.REPAIR)
    _known(one, name)
    return answer({"resumed": await one.ledger.write(accept_shapes, name, one.actor, one.now)})


@router.post(
    "/{name}/test",
    summary="Can it be reached?",
    **published("`problem` is null when it can", "problem", problems=("404",)),
)
async def post_test(request: Request, name: str) -> Response:
    """Its name is resolved and a connection opened; nothing is sent."""
    one = await asked(request, Permission.REPAIR)
    entry = _known(one, name).entry
    try:
        problem = await probe(entry.url, entry.connect_timeout, trust_of(entry))
    except OSError as error:
        problem = f"the certificate cannot be read ({type(error).__name__})"
    return answer({"problem": problem})


@router.get(
    "/{name}/preview",
    summary="What would be sent",
    **published("Nothing is sent", "report", "entitled", "personal_fields", "requests", problems=("404", "409")),
)
async def get_preview(request: Request, name: str, report: str | None = None) -> Response:
    """The requests that a report becomes here, or a sample: secrets masked, without reporter and words."""
    one = await asked(request, Permission.LOOK)
    configured = _known(one, name)
    if report is None:
        return answer(await preview_of(configured, None))
    record = await one.ledger.read(show_report, report)
    if record is None:
        raise NotFound("no report has this tracking code, id or reference")
    looker = Looker(one.ledger, one.ops.vault, one.actor, one.now)
    try:
        return answer(await preview_of(configured, await stored_case(looker, record, configured)))
    except Erased as error:
        raise unreadable(error) from error


async def _rows(one: Asked) -> dict[str, dict[str, Any]]:
    entries = one.ops.config.destinations
    decided = {row.name: row for row in await one.ledger.read(list_destinations)}
    gates = await one.ledger.read(list_gates)
    late = await one.ledger.read(count_not_collected)
    found = {}
    for name in dict.fromkeys((*entries, *decided)):
        entry = entries.get(name)
        adapter, url = (entry.kind.name, entry.entry.url) if entry else (None, None)
        row = destination_row(
            name, adapter, url, decided.get(name), [gate for gate in gates if gate.destination == name]
        )
        found[name] = row | {"not_collected": late.get(name, 0)}
    return found


def _known(one: Asked, name: str) -> Any:
    if name not in one.ops.config.destinations:
        raise _unknown(name)
    return one.ops.config.destinations[name]


def _unknown(name: str) -> NotFound:
    return NotFound(f"the configuration names no destination {name}")
