"""Where destinations tell by themselves what became of their cases."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.bodies import read_body
from gateway.api.state import face_of
from schemas.callback import StatusUpdate  # noqa: F401 - published through openapi.py

router = APIRouter(tags=["cases"])

LIMIT = 256 * 1024


@router.post("/v1/cases/{case}/status", summary="Say what became of a case")
async def post_status(request: Request, case: str) -> Response:
    """200 once the update is kept. `case` is the tracking code, the report's id, or your own reference.

    Sent again with the same `webhook-id`, it changes nothing.
    """
    face = face_of(request)
    body = await read_body(request, LIMIT)
    receipt = await face.callbacks.take(case, dict(request.headers), body)
    return Response(receipt.model_dump_json().encode(), media_type="application/json")
