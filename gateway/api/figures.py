"""The figures of a channel's own reports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gateway.api.state import face_of
from gateway.figures import Dimension, figure_row, figures_csv
from gateway.ledger.figures import count_figures
from schemas.errors import Invalid

router = APIRouter(tags=["reports"])


@router.get("/v1/figures", summary="Follow-up rate and time to each state of your own reports")
async def get_figures(
    request: Request,
    by: Annotated[list[Dimension] | None, Query(description="Tell cases apart by this; may be given again")] = None,
    since: Annotated[datetime | None, Query(description="Accepted from this time on, with its zone")] = None,
    until: Annotated[datetime | None, Query(description="Accepted before this time, with its zone")] = None,
) -> Response:
    """A row for each group: cases, follow-up rate, and the hours to each state. `Accept: text/csv` gives CSV."""
    face = face_of(request)
    channel = await face.access.channel_of(request.headers.get("authorization"))
    if any(limit is not None and limit.tzinfo is None for limit in (since, until)):
        raise Invalid("write `since` and `until` with a zone, such as 2026-03-01T00:00:00+07:00")
    wanted = tuple(by or ())
    counted = await face.ledger.read(count_figures, wanted, since, until, channel.name)
    rows = [figure_row(row, wanted) for row in counted]
    if "text/csv" in request.headers.get("accept", ""):
        return Response(figures_csv(rows), media_type="text/csv; charset=utf-8")
    return Response(orjson.dumps({"by": list(wanted), "rows": rows}), media_type="application/json")
