"""`clocks`: which of the law's clocks approach their end or have run out."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.desk import Desk, at_desk
from gateway.cli.say import listing
from gateway.clocks import ClockKind, ClockState
from gateway.ledger.case_values import ClockRow
from gateway.ledger.clocks import ALARMING, list_clocks
from gateway.operations.documents import clock_row

app = typer.Typer(add_completion=False, no_args_is_help=True)

CLOCK_HEADINGS = {
    "destination": "destination",
    "clock": "clock",
    "state": "state",
    "deadline_at": "runs out",
    "days": "days",
    "paused": "paused",
    "whose": "whose time",
    "report_id": "report",
}


@app.callback()
def clocks() -> None:
    """The law's clocks: verification, first follow-up, resolution, the reporter's answer."""


@app.command("list")
def list_them(
    state: Annotated[list[ClockState] | None, typer.Option(help="Only this state; may be given again.")] = None,
    destination: Annotated[str | None, typer.Option(help="Only this destination.")] = None,
    clock: Annotated[ClockKind | None, typer.Option(help="Only this clock.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List clocks that approach their end or have run out, the most urgent first."""

    async def work(desk: Desk) -> list[ClockRow]:
        return await desk.ledger.read(list_clocks, tuple(state or ALARMING), destination, clock, limit)

    listing(map(clock_row, at_desk(work)), CLOCK_HEADINGS, as_json=as_json, empty="Tidak ada / None.")
