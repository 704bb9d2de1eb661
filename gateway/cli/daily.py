"""`daily`: the report of a day as a table, JSON, CSV, a page of paper, or its charts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.desk import Desk, at_desk
from gateway.cli.say import note, print_json, print_table, tell
from gateway.daily.day import STATES, Day, day_of
from gateway.daily.drawing import svg_of
from gateway.daily.paper import pdf_of
from gateway.daily.raster import png_of
from gateway.daily.sheet import csv_of, document_of
from gateway.daily.words import CHARTS, both, chart, long_date
from gateway.ledger.daily import read_day
from schemas.errors import Invalid

app = typer.Typer(add_completion=False)

HEADINGS = {"name": "destination", **{state: state for state in STATES}}


@app.command()
def daily(
    day: Annotated[str | None, typer.Argument(metavar="[DATE]", help="2026-03-02; yesterday when left out.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    pdf: Annotated[Path | None, typer.Option(help="Write a page of paper into this file.")] = None,
    charts: Annotated[Path | None, typer.Option(help="Write the charts into this folder, as SVG and as PNG.")] = None,
) -> None:
    """Show the report of a day (WIB): what came in, what became of it, what people must look at."""

    async def work(desk: Desk) -> Day:
        wanted = _date(day) if day else day_of(desk.now) - timedelta(days=1)
        return await desk.ledger.read(read_day, wanted, desk.now)

    found = at_desk(work)
    if pdf is not None:
        _write(pdf, pdf_of(found))
    for name in CHARTS if charts is not None else ():
        picture, place = chart(name, found, "id"), (charts or Path()) / f"{found.date.isoformat()}-{name}"
        _write(place.with_suffix(".svg"), svg_of(picture).encode())
        _write(place.with_suffix(".png"), png_of(picture))
    if as_csv:
        typer.echo(csv_of(found), nl=False)
    elif as_json:
        print_json(document_of(found))
    elif pdf is None and charts is None:
        _tell(found)


def _tell(day: Day) -> None:
    tell(
        f"{both('title')}: {long_date(day.date, 'id')}" + ("" if day.is_over else f" ({both('so_far')})"), style="bold"
    )
    tell(f"  {both('received')}: {day.received} ({both('usual')}: {day.usual:.1f})")
    for name, found in day.reports.items():
        tell(f"  {name}: " + ", ".join(f"{verdict} {count}" for verdict, count in found.items()))
    if day.handoffs:
        print_table([{"name": name, **found} for name, found in day.handoffs.items()], HEADINGS)
    for one in day.causes:
        tell(f"  {both('parked')}: {one.destination}, {one.reason}: {one.count}")
    for name, count in day.broken.items():
        tell(f"  {both('broken')}: {name}: {count}")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no date: write it as 2026-03-02") from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from error
    note(f"{path}")
