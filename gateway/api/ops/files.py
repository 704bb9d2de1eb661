"""Files that do not travel by themselves: a person lets each go after all, or keeps it back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from gateway.api.ops.asked import MOST, Asked, answer, asked, page, published
from gateway.ledger.file_decisions import list_undecided
from gateway.operations.documents import undecided_row
from gateway.roles import Permission
from gateway.withheld import Deciding
from schemas.base import Schema

router = APIRouter(prefix="/v1/ops/files", tags=["operations"])

_ROW = ("id", "tracking_code", "channel", "reason", "found", "media_type", "size", "scan", "state", "notes")


class FileDecided(Schema):
    """Why; stands in the record beside the name of whoever decides."""

    why: str = Field(min_length=1, max_length=200, pattern=r"\S")


@router.get("", summary="Files that did not travel", **published("The oldest first", *_ROW, rows=True))
async def get_files(
    request: Request,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """Those that nobody decided about yet, withheld or not to be had, without their names: a name is content."""
    one = await asked(request, Permission.LOOK)
    rows = await one.ledger.read(list_undecided, after, limit + 1)
    return answer(page([undecided_row(row) for row in rows], limit, rows[limit - 1].file.id if rows[limit:] else None))


@router.post(
    "/{file}/release",
    summary="Let a file go as it came",
    **published("With which message", "tracking_code", "sequence", body=FileDecided, problems=("404", "409")),
)
async def post_file_release(request: Request, file: UUID) -> Response:
    """As a later message of its report, to whoever has it; a file that could not be had is fetched again."""
    one = await asked(request, Permission.REVIEW)
    why = (await one.body(FileDecided)).why.strip()
    kept = await _deciding(one).release(file, one.actor, why)
    return answer({"tracking_code": kept.tracking_code, "sequence": kept.sequence})


@router.post(
    "/{file}/keep",
    summary="Keep a file back for good",
    **published("Which one", "id", body=FileDecided, problems=("404", "409")),
)
async def post_file_keep(request: Request, file: UUID) -> Response:
    """It stays sealed where it is, and nobody is reminded of it any more."""
    one = await asked(request, Permission.REVIEW)
    why = (await one.body(FileDecided)).why.strip()
    await _deciding(one).keep(file, one.actor, why)
    return answer({"id": file})


def _deciding(one: Asked) -> Deciding:
    return Deciding(one.ledger, one.ops.vault, one.ops.clock)
