"""Reports: found, shown with everything that happened to them, and opened for a reason that is recorded."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from gateway.api.ops.asked import Asked, answer, asked, published, unreadable
from gateway.ledger.values import ReportRecord
from gateway.ledger.views import reports_named, show_report
from gateway.operations.documents import report_document
from gateway.operations.searching import reporter_hash
from gateway.revealing import reveal
from gateway.roles import Permission
from gateway.vault import Erased
from schemas.base import Schema
from schemas.errors import NotFound

router = APIRouter(prefix="/v1/ops", tags=["operations"])

_REPORT = ("id", "tracking_code", "channel", "received_at", "verdict", "decision", "handoffs", "timeline", "actions")


class Wanted(Schema):
    """What is searched for: a tracking code, an id, a destination's reference, a phone number or a NIK."""

    text: str = Field(min_length=1, max_length=200)


class Reason(Schema):
    """Why somebody looks, or does it; stands in the record beside their name."""

    why: str = Field(min_length=1, max_length=200, pattern=r"\S")


@router.post("/search", summary="Find reports", **published("What was found", "reports", "reporter", body=Wanted))
async def post_search(request: Request) -> Response:
    """Ids of reports; or for a phone number or NIK the keyed hash by which `/v1/ops/attempts` filters (`reporter`).

    It is sent by POST, so that no number stands in an address. That somebody looked for a reporter is recorded.
    """
    one = await asked(request, Permission.LOOK)
    text = (await one.body(Wanted)).text.strip()
    found = await one.ledger.read(reports_named, text)
    key = None
    if not found and one.operator.may(Permission.REVEAL):
        key = await reporter_hash(one.ledger, one.ops.vault, text, actor=one.actor, now=one.now)
    return answer({"reports": [str(each) for each in found], "reporter": key.hex() if key else None})


@router.get(
    "/reports/{report}",
    summary="What became of a report",
    **published("Everything but its content", *_REPORT, problems=("404",)),
)
async def get_report(request: Request, report: str) -> Response:
    """By tracking code, id or a destination's reference: verdict, route, every handoff with each attempt."""
    one = await asked(request, Permission.LOOK)
    return answer(report_document(await _found(one, report)))


@router.post(
    "/reports/{report}/reveal",
    summary="Open a report, for a reason that is recorded",
    **published(
        "Content, messages and reporter", "report", "reporter", "messages", body=Reason, problems=("404", "409")
    ),
)
async def post_reveal(request: Request, report: str) -> Response:
    """Who looked, and why, is recorded first."""
    one = await asked(request, Permission.REVEAL)
    reason = (await one.body(Reason)).why
    record = await _found(one, report)
    try:
        content = await reveal(one.ledger, one.ops.vault, record, actor=one.actor, reason=reason, now=one.now)
    except Erased as error:
        raise unreadable(error) from error
    return answer(content)


async def _found(one: Asked, text: str) -> ReportRecord:
    record = await one.ledger.read(show_report, text)
    if record is None:
        raise NotFound("no report has this tracking code, id or reference")
    return record
