"""The inboxes of ministries that cannot open a port: fetch cases, say what became of each, count what waits."""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from adapters.pulled import ACK, LONGEST_WAIT, NACK, REFUSE, RETRY
from gateway.api.bodies import read_body
from gateway.api.state import face_of
from gateway.inbox import Inbox, Offer, count, fetch
from gateway.inbox_access import require_key
from gateway.inbox_ends import Said, say
from schemas.base import Json
from schemas.errors import Invalid, Malformed, NotFound
from schemas.handoff import NOT_OURS

router = APIRouter(tags=["inbox"])

LONGEST_POLL = 60.0
MOST_AT_ONCE = 100
_BODY_BYTES = 16_384
_UPDATE_BYTES = 256 * 1024
_REFERENCE_LENGTH = 255


@router.get("/v1/inbox/{destination}", summary="Fetch cases that wait")
async def get_inbox(request: Request, destination: str) -> Response:
    """Cases lent for a while, at once or as soon as one comes within `wait` seconds. Say what became of each."""
    inbox = await _allowed(request, destination)
    wait = _number(request, "wait", 0.0, LONGEST_POLL)
    most = int(_number(request, "limit", float(MOST_AT_ONCE), float(MOST_AT_ONCE), least=1.0))
    offers = await fetch(inbox, destination, most, wait)
    return _json({"messages": [_message(offer) for offer in offers]})


@router.get("/v1/inbox/{destination}/count", summary="How many cases wait")
async def get_count(request: Request, destination: str) -> Response:
    """How many cases wait to be fetched, and how many are lent."""
    counted = await count(await _allowed(request, destination), destination)
    return _json({"waiting": counted.waiting, "leased": counted.lent})


@router.post("/v1/inbox/{destination}/{handoff}/ack", summary="Say that a case was taken")
async def post_ack(request: Request, destination: str, handoff: str) -> Response:
    """The case is taken, `reference` is the ministry's own number for it. Saying it again changes nothing."""
    inbox = await _allowed(request, destination)
    given = await _body(request, ("reference",))
    reference = given.get("reference")
    if reference is not None and not _is_reference(reference):
        raise _wrong("reference", f"must be a text of 1 to {_REFERENCE_LENGTH} printable characters")
    said = await say(inbox, destination, _identity(handoff), {"verdict": ACK, "reference": reference})
    return _told(said)


@router.post("/v1/inbox/{destination}/{handoff}/nack", summary="Give a case back")
async def post_nack(request: Request, destination: str, handoff: str) -> Response:
    """The case is not taken: with the reason `retry` it waits for another time, with `refuse` people look at it.

    With `not_ours` it is not the ministry's matter, and goes on to the next agency.
    """
    inbox = await _allowed(request, destination)
    given = await _body(request, ("reason", "retry_after"))
    reason, wait = given.get("reason"), given.get("retry_after")
    if reason not in (RETRY, REFUSE, NOT_OURS):
        raise _wrong("reason", f"must be `{RETRY}`, `{REFUSE}` or `{NOT_OURS}`")
    if wait is not None and (
        isinstance(wait, bool) or not isinstance(wait, int | float) or not 0 <= wait <= LONGEST_WAIT
    ):
        raise _wrong("retry_after", f"must be a number of seconds from 0 to {LONGEST_WAIT:g}")
    verdict: dict[str, Json] = {"verdict": NACK, "reason": reason, "retry_after": wait}
    return _told(await say(inbox, destination, _identity(handoff), verdict))


@router.post("/v1/inbox/{destination}/{handoff}/status", summary="Say what became of a case that was collected")
async def post_collected_status(request: Request, destination: str, handoff: str) -> Response:
    """200 once the update is kept. `Idempotency-Key` is your own id of it: sent again, it changes nothing."""
    await _allowed(request, destination)
    body = await read_body(request, _UPDATE_BYTES)
    event_id = request.headers.get("idempotency-key", "")
    receipt = await face_of(request).callbacks.take_collected(destination, _identity(handoff), event_id, body)
    return _json(receipt.model_dump(mode="json"))


async def _allowed(request: Request, destination: str) -> Inbox:
    face = face_of(request)
    await require_key(face.ledger, destination, request.headers.get("authorization"))
    return face.inbox


def _message(offer: Offer) -> dict[str, Json]:
    return {
        "handoff": str(offer.handoff_id),
        "attempt": offer.number,
        "lease_until": offer.until.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "sha256": sha256(offer.body).hexdigest(),
        "case": orjson.Fragment(offer.body),
    }


def _told(said: Said) -> Response:
    return _json(
        {
            "handoff": str(said.handoff_id),
            "state": said.state.value,
            "reference": said.reference,
            "repeated": said.repeated,
        }
    )


async def _body(request: Request, names: tuple[str, ...]) -> dict[str, Json]:
    """The object in the body; an empty body is an empty object. Raises Malformed, Invalid."""
    raw = await read_body(request, _BODY_BYTES)
    try:
        value = orjson.loads(raw) if raw.strip() else {}
    except orjson.JSONDecodeError as error:
        raise Malformed("the body is not JSON") from error
    if not isinstance(value, dict):
        raise _wrong("", "must be a JSON object")
    for name in value:
        if name not in names:
            raise _wrong(str(name), f"is not known here; known are {', '.join(names)}")
    return value


def _number(request: Request, name: str, usual: float, most: float, least: float = 0.0) -> float:
    text = request.query_params.get(name)
    if text is None:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not least <= value <= most:
        raise _wrong(name, f"must be a number from {least:g} to {most:g}")
    return value


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("this inbox has no case of this id") from error


def _is_reference(value: Json) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _REFERENCE_LENGTH and value.isprintable()


def _wrong(at: str, problem: str) -> Invalid:
    return Invalid(f"{at or 'the body'} {problem}", [{"at": at, "problem": problem}])


def _json(value: Json) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")
