"""What every Open311 address looks at: the key, the jurisdiction, the service."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from adapters.inbound.forms import Form
from gateway.api.state import face_of
from gateway.georeport.services import Service, load_services
from gateway.ledger.published import Audience
from schemas.errors import NotFound

_KEY_HEADERS = ("api_key", "api-key", "x-api-key")


def key_in(request: Request, fields: Mapping[str, str]) -> str:
    """The key that the client gave: in the form, the query, a header of its own, or as a bearer token; or nothing."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    given = (
        fields.get("api_key"),
        request.query_params.get("api_key"),
        *(request.headers.get(name) for name in _KEY_HEADERS),
        bearer if scheme.lower() == "bearer" else None,
    )
    return next((key for each in given if each and (key := each.strip())), "")


async def audience_of(request: Request) -> Audience:
    """Who reads: everybody, or the channel whose key stands in the request. Raises Denied for a wrong key."""
    access = face_of(request).access
    published = await access.publishing()
    key = key_in(request, {})
    return Audience(published, (await access.channel_of(f"Bearer {key}")).name if key else None)


def require_jurisdiction(request: Request, form: Form | None = None) -> None:
    """Raises NotFound for another jurisdiction than ours. It may be left out: this endpoint serves one."""
    ours = face_of(request).georeport.jurisdiction
    given = (form.text("jurisdiction_id") if form else "") or request.query_params.get("jurisdiction_id", "")
    if ours is not None and given.strip() not in ("", ours):
        raise NotFound("the jurisdiction_id provided was not found")


def service_called(code: str) -> Service:
    """The service of a code. Raises NotFound."""
    service = load_services().get(code)
    if service is None:
        raise NotFound("the service_code provided was not found; the codes are listed by GET services")
    return service
