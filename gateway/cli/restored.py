"""`restored`: the ledger was put back from a backup; nothing that it holds as owed is sent twice for that."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.asked import agreed
from gateway.cli.desk import Desk, at_desk
from gateway.cli.say import print_json, tell
from gateway.ledger.restoring import Remembered, mark_restored, remembered

app = typer.Typer(add_completion=False)


@app.command()
def restored(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON; needs --yes.")] = False,
) -> None:
    """Say that the ledger was put back from a backup. Run it before any process of the gateway is started again.

    Whatever was not at its end then may have been delivered since. Such a handoff is asked about where its destination
    can be asked, sent again under the same key where that is safe, and becomes uncertain elsewhere.
    """

    async def work(desk: Desk) -> None:
        known = await desk.ledger.read(remembered)
        if not as_json:
            _tell(known)
        if not agreed("Tandai semuanya / Mark all of it?", yes=yes):
            raise typer.Exit(1)
        known = await desk.ledger.write(mark_restored, desk.actor, desk.now)
        if as_json:
            print_json({"last_moment": known.last_moment, "log_size": known.log_size, "handoffs": known.open})
        else:
            tell(f"Ditandai / Marked: {known.open} handoff")

    at_desk(work)


def _tell(known: Remembered) -> None:
    last = known.last_moment.isoformat(timespec="seconds") if known.last_moment else "-"
    tell(f"Percobaan terakhir yang tercatat / The last attempt on record: {last}")
    tell(f"Ukuran jurnal / Size of the journal: {known.log_size}")
    tell(
        f"Belum selesai / Not at their end: {known.open} "
        f"(pending {known.pending}, uncertain {known.uncertain}, parked {known.parked})"
    )
