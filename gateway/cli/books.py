"""`books`: accepted = delivered + pending + uncertain + parked + cancelled, per channel and destination."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from gateway.cli.desk import Desk, at_desk
from gateway.cli.failures import FOUND_SOMETHING
from gateway.cli.rows import BALANCE_HEADINGS
from gateway.cli.say import complain, listing, tell
from gateway.ledger.books import balance
from gateway.ledger.values import BalanceRow
from gateway.operations.rows import balance_row

app = typer.Typer(add_completion=False)


@app.command()
def books(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show the balance. Exits with 1 when the books do not balance."""
    rows = at_desk(_balance)
    show_books(rows, as_json=as_json)
    if any(row.difference for row in rows):
        raise typer.Exit(FOUND_SOMETHING)


def show_books(rows: Sequence[BalanceRow], *, as_json: bool) -> None:
    """The balance table and its verdict."""
    visible = [balance_row(row) for row in rows]
    if visible and not as_json:
        visible.append(balance_row(_total(rows)))
    listing(visible, BALANCE_HEADINGS, as_json=as_json, empty="Belum ada laporan / No report yet.")
    off = [f"{row.channel} → {row.destination}: {row.difference:+d}" for row in rows if row.difference]
    if off:
        complain(
            "Pembukuan tidak seimbang / The books do not balance", "accepted differs from what is accounted for", off
        )
    elif not as_json:
        tell("Pembukuan seimbang / The books balance.", style="green")


def _total(rows: Sequence[BalanceRow]) -> BalanceRow:
    return BalanceRow(
        channel="total",
        destination="",
        accepted=sum(row.accepted for row in rows),
        delivered=sum(row.delivered for row in rows),
        pending=sum(row.pending for row in rows),
        uncertain=sum(row.uncertain for row in rows),
        parked=sum(row.parked for row in rows),
        cancelled=sum(row.cancelled for row in rows),
    )


async def _balance(desk: Desk) -> list[BalanceRow]:
    return await desk.ledger.read(balance)
