"""The report of a day: a page with charts, a page of paper, a sheet, and each chart as a picture."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.daily.charts import LETTER, PAGE, PHONE
from gateway.daily.day import STATES, Day, day_of
from gateway.daily.drawing import svg_of
from gateway.daily.sheet import csv_of
from gateway.daily.words import CHARTS, chart, long_date
from gateway.ledger.daily import read_day
from schemas.errors import Invalid, NotFound

_ONE = timedelta(days=1)


async def show_daily(visit: Visit) -> Response:
    """The page."""
    try:
        day = await _day(visit)
    except Invalid as error:
        raise visit.wrong(
            "date", "error.date" if not error.cause else f"cause.{error.cause}", about=error.about
        ) from error
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
    """One of the charts: arranged for the page it is looked at on, or to be kept as a picture of its own."""
    name, kept = visit.request.path_params["name"], visit.query("keep")
    if name not in CHARTS:
        raise NotFound(visit.told("error.nothing_here"))
    day = await _day(visit)
    picture = chart(name, day, visit.language, LETTER if kept else PHONE if visit.query("on") == "phone" else PAGE)
    if not kept:
        return Response(svg_of(picture), media_type="image/svg+xml")
    file = f"{day.date.isoformat()}-{name}"
    if kept != "png":
        return _file(svg_of(picture).encode(), "image/svg+xml", f"{file}.svg")
    from gateway.daily.raster import png_of  # likewise

    return _file(png_of(picture), "image/png", f"{file}.png")


async def _day(visit: Visit) -> Day:
    text = visit.query("date")
    try:
        wanted = date.fromisoformat(text) if text else day_of(visit.now)
    except ValueError as error:
        raise Invalid(visit.told("error.date")) from error
    return await visit.desk.ledger.read(read_day, wanted, visit.now)


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})
