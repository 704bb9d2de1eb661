"""Webhooks of vendors: one address for each channel, authenticated by the vendor's own signature."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from adapters.contract import InboundRequest
from gateway.api.bodies import read_body
from gateway.api.state import face_of
from schemas.base import Json

router = APIRouter(tags=["webhooks"])


@router.get("/v1/channels/{channel}/webhook", summary="Answer a vendor's verification")
async def get_webhook(request: Request, channel: str) -> Response:
    """The vendor's challenge, if its token is the channel's; or a delivery, from the vendors that deliver by GET."""
    return await _answered(request, channel, 0)


@router.post("/v1/channels/{channel}/webhook", summary="Take a vendor's delivery")
async def post_webhook(request: Request, channel: str) -> Response:
    """200 once every message in the delivery is kept. Delivered again, it creates nothing twice."""
    return await _answered(request, channel, face_of(request).max_body_bytes)


async def _answered(request: Request, channel: str, limit: int) -> Response:
    face = face_of(request)
    held = await face.access.webhook_channel(channel)
    inbound = InboundRequest(
        request.method,
        _called(request, held.options),
        dict(request.query_params),
        dict(request.headers),
        await read_body(request, limit),
        face.intake.now(),
    )
    answer = await face.intake.answer(held, inbound)
    return Response(answer.body, answer.status, media_type=answer.media_type)


def _called(request: Request, options: Mapping[str, Json]) -> str:
    """The address that the vendor called: `public_url` of the channel's options where a proxy stands in between."""
    public = options.get("public_url")
    if not isinstance(public, str) or not public:
        return str(request.url)
    query = request.url.query
    return f"{public}?{query}" if query else public
