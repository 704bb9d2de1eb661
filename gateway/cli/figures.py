"""`figures`: the follow-up rate and the time to each state, as a table, JSON or CSV."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.asked import moment
from gateway.cli.desk import Desk, at_desk
from gateway.cli.say import listing
from gateway.figures import Dimension, FigureRow, figure_row, figures_csv
from gateway.ledger.figures import count_figures

app = typer.Typer(add_completion=False)


@app.command("figures")
def show_figures(
    by: Annotated[list[Dimension] | None, typer.Option(help="Tell cases apart by this; may be given again.")] = None,
    since: Annotated[str | None, typer.Option(help="Reports accepted from this time on.")] = None,
    until: Annotated[str | None, typer.Option(help="Reports accepted before this time.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only this channel.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show how many cases were followed up, and how many hours each state took: median and nine tenths."""

    wanted = tuple(by or ())

    async def work(desk: Desk) -> list[FigureRow]:
        return await desk.ledger.read(count_figures, wanted, moment(since, desk.now), moment(until, desk.now), channel)

    rows = [figure_row(row, wanted) for row in at_desk(work)]
    if as_csv:
        typer.echo(figures_csv(rows), nl=False)
        return
    headings = {name: name.replace("_", " ") for name in rows[0]} if rows else {}
    listing(rows, headings, as_json=as_json, empty="Tidak ada / None.")
