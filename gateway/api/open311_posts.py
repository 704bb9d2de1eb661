"""What Open311 clients post: requests and updates of them, each kept once before it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from adapters.contract import InboundRequest
from adapters.inbound.forms import Form, read_form
from gateway.access_book import HeldChannel
from gateway.api.bodies import read_body
from gateway.api.open311_asked import key_in, require_jurisdiction, service_called
from gateway.api.state import Face, face_of
from gateway.georeport.asking import read_id
from gateway.georeport.repeats import named, unnamed
from gateway.intake import Accepted
from gateway.pins import pin_of
from schemas.errors import BadInput, Conflict, Forbidden, NotFound

KIND = "open311"


async def keep_request(request: Request) -> dict[str, Any]:
    """The answer to a request that is kept. Raises Denied, NotFound or BadInput, and then nothing of it is kept."""
    face = face_of(request)
    inbound, form = await _read(request)
    channel = await _channel(request, form)
    require_jurisdiction(request, form)
    if code := form.text("service_code").strip():
        service_called(code)
    inbound = await _named(face, channel, inbound, form, update=False)
    [accepted] = await face.intake.take(channel, inbound)
    _refuse_conflict(accepted)
    return {
        "service_request_id": str(accepted.report_id),
        "service_notice": _notice(face, accepted.tracking_code),
        "account_id": None,
    }


async def keep_update(request: Request) -> dict[str, Any]:
    """The answer to an update that is kept. Raises as `keep_request` does."""
    face = face_of(request)
    inbound, form = await _read(request)
    channel = await _channel(request, form)
    require_jurisdiction(request, form)
    report_id = read_id(form.text("service_request_id").strip())
    if report_id is None:
        raise NotFound("the service_request_id provided was not found")
    inbound = await _named(face, channel, inbound, form, update=True)
    accepted = await face.intake.add(channel, report_id, inbound)
    _refuse_conflict(accepted)
    return {"update_id": form.text("update_id").strip() or accepted.message_id}


async def _read(request: Request) -> tuple[InboundRequest, Form]:
    body = await read_body(request, face_of(request).max_body_bytes)
    if not body:
        raise BadInput("the body is empty; post a form")
    inbound = InboundRequest("POST", str(request.url), {}, dict(request.headers), body)
    return inbound, read_form(inbound)


async def _channel(request: Request, form: Form) -> HeldChannel:
    """The channel of the `api_key`. Raises Denied."""
    key = key_in(request, {"api_key": form.text("api_key").strip()})
    if not key:
        raise Forbidden("api_key was not provided; send it as a field of the form, or as a header")
    channel = await face_of(request).access.channel_of(f"Bearer {key}")
    if channel.kind != KIND:
        raise Forbidden(f"this api_key is of a channel of another kind; make a channel of the kind {KIND}")
    return channel


async def _named(
    face: Face, channel: HeldChannel, inbound: InboundRequest, form: Form, *, update: bool
) -> InboundRequest:
    """The request under the name that makes it the same when it comes again."""
    name = named(form, inbound.headers, update=update)
    if name is None:
        name, earlier = unnamed(form, face.intake.now())
        if await face.intake.knows(channel, earlier):
            name = earlier
    headers = _kept_headers(inbound.headers) | {"idempotency-key": name}
    return InboundRequest(inbound.method, inbound.url, inbound.query, headers, inbound.body, inbound.received_at)


def _kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """What the adapter needs to read the body."""
    return {name: value for name, value in headers.items() if name == "content-type"}


def _refuse_conflict(accepted: Accepted) -> None:
    if accepted.conflict:
        raise Conflict("this id was used before for another content; give each request an id of its own")


def _notice(face: Face, tracking_code: str) -> str:
    where = f"{face.public_url}/lacak"
    pin = pin_of(face.georeport.vault, tracking_code)
    return f"Kode lacak / tracking code {tracking_code}, PIN {pin}: {where}"
