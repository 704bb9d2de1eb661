"""The report of a day: figures, a sheet, a page of paper, and its charts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gateway.api.ops.asked import Asked, answer, asked, published
from gateway.daily.day import Day, day_of
from gateway.daily.drawing import svg_of
from gateway.daily.sheet import csv_of, document_of
from gateway.daily.words import CHARTS, chart
from gateway.ledger.daily import read_day
from gateway.roles import Permission
from schemas.errors import NotFound

router = APIRouter(prefix="/v1/ops/daily", tags=["operations"])

Wanted = Annotated[date | None, Query(alias="date", description="In WIB; today when it is left out")]


@router.get("", summary="The report of a day", **published("Figures", "date", "received", "handoffs", "reports"))
async def get_daily(request: Request, day: Wanted = None) -> Response:
    """What came in, what became of it. `Accept: text/csv` gives a sheet, `application/pdf` a page of paper."""
    found = await _day(await asked(request, Permission.LOOK), day)
    wanted = request.headers.get("accept", "")
    if "text/csv" in wanted:
        return Response(csv_of(found), media_type="text/csv; charset=utf-8")
    if "application/pdf" in wanted:
        from gateway.daily.paper import pdf_of  # what sets pages is loaded where there are any to set

        return Response(pdf_of(found), media_type="application/pdf")
    return answer(document_of(found))


@router.get("/charts/{name}", summary="A chart of a day", **published("SVG or PNG", problems=("404",)))
async def get_chart(request: Request, name: str, day: Wanted = None, language: str = "id") -> Response:
    """`hours`, `destinations` or `channels`, as a picture that stands alone. `Accept: image/png` gives PNG."""
    one = await asked(request, Permission.LOOK)
    if name not in CHARTS:
        raise NotFound(f"there is no chart of this name: {', '.join(CHARTS)}")
    picture = chart(name, await _day(one, day), "en" if language == "en" else "id")
    if "image/png" in request.headers.get("accept", ""):
        from gateway.daily.raster import png_of  # likewise

        return Response(png_of(picture), media_type="image/png")
    return Response(svg_of(picture), media_type="image/svg+xml")


async def _day(one: Asked, day: date | None) -> Day:
    return await one.ledger.read(read_day, day or day_of(one.now), one.now)
