"""The native JSON API for channel services: post reports, ask what became of them."""

from __future__ import annotations

from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from adapters.contract import InboundRequest
from gateway.api.bodies import read_body
from gateway.api.state import face_of
from gateway.intake import Accepted
from gateway.notices import EMERGENCY_NUMBERS
from schemas.errors import Conflict, NotFound
from schemas.report import ReportSubmission  # noqa: F401 - published through openapi.py

router = APIRouter(tags=["reports"])

POSTED = "/v1/reports"


@router.post(POSTED, status_code=202, summary="Post one report, or a batch")
async def post_reports(request: Request) -> Response:
    """202 once every report in the request is kept, with its id, tracking code and status address."""
    face = face_of(request)
    channel = await face.access.channel_of(request.headers.get("authorization"))
    body = await read_body(request, face.max_body_bytes)
    inbound = InboundRequest("POST", f"{face.public_url}{POSTED}", {}, {}, body)
    accepted = await face.intake.take(channel, inbound)
    _refuse_conflicts(accepted, face.public_url)
    answers = [_acceptance(one, face.public_url) for one in accepted]
    single = body.lstrip()[:1] != b"["
    return Response(orjson.dumps(answers[0] if single else answers), 202, media_type="application/json")


@router.get("/v1/reports/{report_id}", summary="What became of a report")
async def get_report(request: Request, report_id: UUID) -> Response:
    """The state of one of the channel's own reports: each handoff, its evidence and the destination's reference."""
    face = face_of(request)
    channel = await face.access.channel_of(request.headers.get("authorization"))
    view = await face.intake.status(channel, report_id)
    if view is None:
        raise NotFound("this channel has posted no report with that id")
    return Response(view.model_dump_json().encode(), media_type="application/json")


@router.get("/v1/reports/{report_id}/timeline", summary="What became of a report, step by step")
async def get_timeline(request: Request, report_id: UUID) -> Response:
    """Everything that happened to one of the channel's own reports, oldest first, with what the agencies wrote."""
    face = face_of(request)
    channel = await face.access.channel_of(request.headers.get("authorization"))
    timeline = await face.intake.timeline(channel, report_id)
    if timeline is None:
        raise NotFound("this channel has posted no report with that id")
    return Response(timeline.model_dump_json().encode(), media_type="application/json")


@router.post("/v1/reports/{report_id}/messages", status_code=202, summary="Say more about a report")
async def post_message(request: Request, report_id: UUID) -> Response:
    """202 once it is kept: further words or files, a rating, a withdrawal, or that it is not solved.

    Whoever has the report is told. Sent again with the same `message_id`, it changes nothing.
    """
    face = face_of(request)
    channel = await face.access.channel_of(request.headers.get("authorization"))
    receipt = await face.later.take(channel, report_id, await read_body(request, face.max_body_bytes))
    return Response(receipt.model_dump_json().encode(), 202, media_type="application/json")


@router.get("/v1/reports/{report_id}/receipt", summary="Who received a report, in a form that can be checked")
async def get_receipt(request: Request, report_id: UUID) -> Response:
    """One of the channel's own reports: who received it when, under which number, signed, with proofs of inclusion.

    Pass it on byte for byte. Without identity and text; `sp4n-gateway verify --receipt` and `/periksa` check it.
    """
    face = face_of(request)
    channel = await face.access.channel_of(request.headers.get("authorization"))
    view = await face.intake.status(channel, report_id)
    made = await face.receipting.receipt(report_id) if view is not None else None
    if made is None:
        raise NotFound("this channel has posted no report with that id")
    return Response(made.content, media_type="application/json")


def _acceptance(accepted: Accepted, public_url: str) -> dict[str, object]:
    return {
        "message_id": accepted.message_id,
        "id": str(accepted.report_id),
        "tracking_code": accepted.tracking_code,
        "status_url": f"{public_url}/v1/reports/{accepted.report_id}",
        "duplicate": accepted.duplicate,
        "emergency_numbers": EMERGENCY_NUMBERS if accepted.urgent else (),
    }


def _refuse_conflicts(accepted: list[Accepted], public_url: str) -> None:
    conflicts = [one.message_id for one in accepted if one.conflict]
    if conflicts:
        raise Conflict(
            "the channel used these message ids before for other reports; give each report an id of its own. "
            "The other reports of this request are kept, see `accepted`.",
            message_ids=conflicts,
            accepted=[_acceptance(one, public_url) for one in accepted if not one.conflict],
        )
