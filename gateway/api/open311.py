"""Open311 GeoReport v2 as a server: what its clients ask and post, in XML and JSON.

https://wiki.open311.org/GeoReport_v2/, https://wiki.open311.org/Service_Discovery/, and FixMyStreet's extension
https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.open311_answers import answered, document, one_or_missing
from gateway.api.open311_asked import audience_of, require_jurisdiction, service_called
from gateway.api.open311_posts import keep_request, keep_update
from gateway.api.state import face_of
from gateway.georeport.asking import LONGEST_SPAN, Wanted, read_id, read_ids, read_span, read_wanted
from gateway.georeport.formats import MEDIA_TYPES
from gateway.georeport.listing import list_requests, list_updates
from gateway.georeport.services import changeset, load_services

router = APIRouter(prefix="/open311/v2", tags=["open311"])
_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@router.get("/discovery.{fmt}", summary="Where the service is and what it speaks")
@answered
async def get_discovery(request: Request, fmt: str) -> Response:
    """The discovery document."""
    face = face_of(request)
    base = face.public_url or str(request.base_url).rstrip("/")
    contact = face.georeport.contact or base
    endpoint = {
        "specification": _SPECIFICATION,
        "url": f"{base}{router.prefix}",
        "changeset": changeset(),
        "type": face.georeport.stage,
        "formats": [kind.partition(";")[0] for kind in MEDIA_TYPES.values()],
    }
    found = {"changeset": changeset(), "contact": contact, "key_service": contact, "endpoints": [endpoint]}
    return document("discovery", found, fmt)


@router.get("/services.{fmt}", summary="The service list: LAPOR!'s categories")
@answered
async def get_services(request: Request, fmt: str) -> Response:
    """Every service."""
    require_jurisdiction(request)
    return document("services", [service.listed() for service in load_services().values()], fmt)


@router.get("/services/{code}.{fmt}", summary="A service's definition: what may be asked beside it")
@answered
async def get_service(request: Request, code: str, fmt: str) -> Response:
    """The attributes of one service."""
    require_jurisdiction(request)
    return document("service_definition", service_called(code).defined(), fmt)


@router.get("/requests.{fmt}", summary="Published requests by id, time, service and status")
@answered
async def get_requests(request: Request, fmt: str) -> Response:
    """The newest 1000 of at most 90 days, or those whose ids are given."""
    require_jurisdiction(request)
    face = face_of(request)
    wanted = read_wanted(request.query_params, face.intake.now())
    found = await list_requests(face.ledger, face.georeport.vault, await audience_of(request), wanted)
    return document("service_requests", found, fmt)


@router.post("/requests.{fmt}", summary="Post a request, as a form with api_key")
@answered
async def post_request(request: Request, fmt: str) -> Response:
    """200 once the report is kept. Posted again, it creates nothing twice."""
    return document("service_requests", [await keep_request(request)], fmt)


@router.get("/requests/{request_id}.{fmt}", summary="One request, or several with commas between their ids")
@answered
async def get_request(request: Request, request_id: str, fmt: str) -> Response:
    """404 when there is none of them, or none that this reader may see."""
    require_jurisdiction(request)
    return document("service_requests", one_or_missing(await _found(request, request_id)), fmt)


@router.get("/tokens/{token}.{fmt}", summary="The id behind a token; here every request has its id at once")
@answered
async def get_token(request: Request, token: str, fmt: str) -> Response:
    """The id itself stands as its own token, for clients that ask in any case."""
    require_jurisdiction(request)
    found = one_or_missing(await _found(request, token if read_id(token) else ""))
    pairs = [{"service_request_id": each["service_request_id"], "token": token} for each in found]
    return document("service_requests", pairs, fmt)


@router.get("/servicerequestupdates.{fmt}", summary="What happened to published requests (FixMyStreet's extension)")
@answered
async def get_updates(request: Request, fmt: str) -> Response:
    """Updates of a time, to the newest 1000 requests that came in the 90 days before its end."""
    require_jurisdiction(request)
    face = face_of(request)
    since, until = read_span(request.query_params, face.intake.now())
    reports = Wanted(until - LONGEST_SPAN, until)
    audience = await audience_of(request)
    told = await list_updates(face.ledger, face.georeport.vault, audience, reports, since, until)
    return document("service_request_updates", told, fmt)


@router.post("/servicerequestupdates.{fmt}", summary="Add to a request of one's own (FixMyStreet's extension)")
@answered
async def post_update(request: Request, fmt: str) -> Response:
    """200 once the update is kept and owed to everybody who has the request."""
    return document("service_request_updates", [await keep_update(request)], fmt)


async def _found(request: Request, ids: str) -> list[dict[str, Any]]:
    face = face_of(request)
    wanted = read_ids(tuple(part for each in ids.split(",") if (part := each.strip())))
    now = face.intake.now()
    audience = await audience_of(request)
    return await list_requests(face.ledger, face.georeport.vault, audience, Wanted(now, now, ids=wanted))
