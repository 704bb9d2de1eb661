"""The report of a day: a page with charts, a page of paper, a sheet, and each chart as a picture."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.daily.day import STATES, Day, day_of
from gateway.daily.sheet import csv_of
from gateway.daily.words import CHARTS, chart, long_date
from gateway.ledger.daily import read_day
from schemas.errors import Invalid, NotFound

_ONE = timedelta(days=1)


async def show_daily(visit: Visit) -> Response:
    """The page."""
    day = await _day(visit)
    today = day_of(visit.now)
    return visit.page(
        "daily.html",
        day=day,
        told=long_date(day.date, visit.language),
        earlier=day.date - _ONE,
        later=day.date + _ONE if day.date < today else None,
        today=today,
        states=STATES,
        charts=CHARTS,
    )


async def send_pdf(visit: Visit) -> Response:
    """A page of paper."""
    day = await _day(visit)
    from gateway.daily.paper import pdf_of  # what sets pages is loaded where there are any to set

    return _file(pdf_of(day), "application/pdf", f"laporan-harian-{day.date.isoformat()}.pdf")


async def send_csv(visit: Visit) -> Response:
    """A sheet."""
    day = await _day(visit)
    return _file(
        csv_of(day).encode("utf-8-sig"), "text/csv; charset=utf-8", f"laporan-harian-{day.date.isoformat()}.csv"
    )


async def send_chart(visit: Visit) -> Response:
    """One of the charts, to be looked at or kept."""
    name = visit.request.path_params["name"]
    if name not in CHARTS:
        raise NotFound(visit.told("error.nothing_here"))
    day = await _day(visit)
    picture = chart(name, day, visit.language).encode()
    if visit.query("keep"):
        return _file(picture, "image/svg+xml", f"{day.date.isoformat()}-{name}.svg")
    return Response(picture, media_type="image/svg+xml")


async def _day(visit: Visit) -> Day:
    text = visit.query("date")
    try:
        wanted = date.fromisoformat(text) if text else day_of(visit.now)
    except ValueError as error:
        raise Invalid(visit.told("error.date")) from error
    return await visit.desk.ledger.read(read_day, wanted, visit.now)


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})
