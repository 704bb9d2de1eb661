"""Webhooks of vendors: one address for each channel, authenticated by the vendor's own signature."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from adapters.contract import InboundRequest
from gateway.api.bodies import read_body
from gateway.api.state import face_of

router = APIRouter(tags=["webhooks"])


@router.get("/v1/channels/{channel}/webhook", summary="Answer a vendor's verification")
async def get_webhook(request: Request, channel: str) -> Response:
    """The vendor's challenge, if its token is the channel's."""
    face = face_of(request)
    held = await face.access.webhook_channel(channel)
    answer = face.intake.handshake(held, await _inbound(request, 0))
    return Response(answer.body, answer.status, media_type=answer.media_type)


@router.post("/v1/channels/{channel}/webhook", summary="Take a vendor's delivery")
async def post_webhook(request: Request, channel: str) -> Response:
    """200 once every message in the delivery is kept. Delivered again, it creates nothing twice."""
    face = face_of(request)
    held = await face.access.webhook_channel(channel)
    await face.intake.take(held, await _inbound(request, face.max_body_bytes))
    return Response(b'{"status":"kept"}', media_type="application/json")


async def _inbound(request: Request, limit: int) -> InboundRequest:
    return InboundRequest(
        request.method,
        str(request.url),
        dict(request.query_params),
        dict(request.headers),
        await read_body(request, limit),
    )
