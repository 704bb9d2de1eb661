"""The delivery log and its saved views: the filters and the cursor of the console's log."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from gateway.api.ops.asked import MOST, answer, asked, page, published
from gateway.ledger.delivery_log import read_log
from gateway.ledger.saved_views import SavedView, drop_view, list_views, save_view
from gateway.operations.documents import log_row
from gateway.operations.log_query import NAMES, log_query
from gateway.operations.rows import view_row
from gateway.operations.searching import named_in
from gateway.roles import Permission
from schemas.base import Schema
from schemas.errors import NotFound
from schemas.ids import new_id

router = APIRouter(prefix="/v1/ops", tags=["operations"])

_ROW = ("id", "tracking_code", "channel", "destination", "handoff_id", "step", "number", "results", "state")
_VIEW = ("id", "name", "owner", "query", "shared")


class NewView(Schema):
    """A view of the log. `query` is the query part of the log's address, such as `outcome=refused&destination=x`."""

    name: str = Field(min_length=1, max_length=64)
    query: str = Field(max_length=2000)
    shared: bool = False


@router.get("/attempts", summary="The delivery log", **published("Newest first", *_ROW, rows=True))
async def get_attempts(
    request: Request,
    before: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """Attempts with their results. The filters are the console's, by the names that its address gives them."""
    one = await asked(request, Permission.LOOK)
    query = log_query(request.query_params, one.now)
    query = await named_in(one.ledger, query, may_reveal=one.operator.may(Permission.REVEAL))
    lines = await one.ledger.read(read_log, query.wanted, before, limit + 1)
    cursor = lines[:limit][-1].attempt.id if lines else None
    return answer(page([log_row(line) for line in lines], limit, cursor))


@router.get("/views", summary="Saved views of the log", **published("By name", *_VIEW, rows=True))
async def get_views(request: Request) -> Response:
    """Your own, and those that others share."""
    one = await asked(request, Permission.LOOK)
    views = await one.ledger.read(list_views, one.actor)
    return answer({"rows": [view_row(view) for view in views], "next": None})


@router.post("/views", summary="Save a view of the log", **published("The view", *_VIEW, body=NewView))
async def post_view(request: Request) -> Response:
    """Under a name; one of yours of the same name is replaced. Parameters that the log does not know are left out."""
    one = await asked(request, Permission.LOOK)
    given = await one.body(NewView)
    pairs = [(key, value[:200]) for key, value in parse_qsl(given.query) if key in NAMES]
    view = SavedView(new_id(one.now), one.actor, given.name, urlencode(pairs), given.shared, one.now)
    await one.ledger.write(save_view, view)
    return answer(view_row(view))


@router.post("/views/{view}/drop", summary="Forget a view", **published("Done", problems=("404",)))
async def post_drop(request: Request, view: UUID) -> Response:
    """One of your own."""
    one = await asked(request, Permission.LOOK)
    if not await one.ledger.write(drop_view, view, one.actor):
        raise NotFound("you have no view with this id")
    return answer({})
