"""`export`: a bundle that proves recorded handoffs to somebody who has neither the ledger nor its keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.asked import moment
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.progress import Steps
from gateway.cli.say import note, tell
from gateway.ledger.export import Selection, export_bundle
from schemas.errors import Invalid

app = typer.Typer(add_completion=False)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where the bundle goes.")],
    report: Annotated[str | None, typer.Option(help="Only this report: tracking code, id or reference.")] = None,
    destination: Annotated[str | None, typer.Option("--destination", "-d", help="Only this destination.")] = None,
    since: Annotated[str | None, typer.Option(help="Only attempts begun since: 2h or 3d ago, or a date.")] = None,
    until: Annotated[str | None, typer.Option(help="Only attempts begun before.")] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="An older checkpoint that the bundle is to continue.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write an evidence bundle: records with their proofs, no personal data. Verify it with `verify --bundle`."""
    if out.exists() and not force:
        raise Invalid(f"{out} is there already; choose another name, or --force")
    if report and (destination or since or until):
        raise Invalid("--report stands alone; the other choices select among all reports")
    earlier = [path.read_text(encoding="utf-8") for path in checkpoint or ()]

    async def work(desk: Desk) -> None:
        chosen = Selection(
            (await found_report(desk, report)).report.id if report else None,
            destination,
            moment(since, desk.now),
            moment(until, desk.now),
        )
        ring = desk.ring()
        with Steps("export"):
            done = await desk.ledger.read(export_bundle, out, chosen, ring, desk.now, earlier=earlier)
        tell(f"{out}: {done.report.attempts} percobaan / attempts, {done.report.results} hasil / results")
        if done.waiting:
            note(f"{done.waiting} belum ditandatangani, tidak termasuk / not signed yet, not in it")
        tell(f"Periksa / Verify: sp4n-gateway verify --bundle {out} --key '{ring.journal.verifier}'")

    at_desk(work)
