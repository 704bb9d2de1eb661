"""`archive`: old reports' content moves out of the ledger into files, and back; what was recorded stays provable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.asked import agreed, moment
from gateway.cli.desk import Desk, at_desk
from gateway.cli.say import listing, tell
from gateway.ledger.archives import list_archives
from gateway.operations.archiving import archive_before, check, restore
from schemas.errors import Invalid

app = typer.Typer(add_completion=False, no_args_is_help=True)

_HEADINGS = {
    "file": "berkas / file",
    "reports": "laporan / reports",
    "before": "selesai sebelum / over before",
    "made_at": "dibuat / made",
    "sha256": "SHA-256",
}
File = Annotated[Path, typer.Argument(metavar="FILE", help="An archive.")]


@app.command("make")
def make(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the archive goes.")],
    before: Annotated[str, typer.Option(help="Only reports over since before: 400d ago, or a date.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Move the content of reports that are over into a new file. Handoffs, states and proofs stay in the ledger."""

    async def work(desk: Desk) -> None:
        until = moment(before, desk.now) or desk.now
        if not agreed(
            f"Pindahkan isi laporan yang selesai sebelum {until:%Y-%m-%d} / Move what ended before?", yes=yes
        ):
            raise typer.Exit(1)
        origin = desk.ring().origin
        made = await archive_before(desk.ledger, folder, until, origin=origin, actor=desk.actor, now=desk.now)
        if made is None:
            tell("tidak ada yang dipindahkan / nothing to move")
            return
        tell(f"{folder / made.row.name}: {made.moved} laporan / reports, {made.row.size:,} byte")
        tell("Simpan berkas itu di dua tempat / Keep the file in two places: the ledger has no other copy")

    at_desk(work)


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the archives that this ledger knows, with their SHA-256."""

    async def work(desk: Desk) -> None:
        rows = [
            {
                "file": row.name,
                "reports": row.reports,
                "bytes": row.size,
                "before": row.before,
                "made_at": row.made_at,
                "made_by": row.made_by,
                "sha256": row.digest.hex(),
            }
            for row in await desk.ledger.read(list_archives)
        ]
        listing(rows, _HEADINGS, as_json=as_json, empty="belum ada arsip / no archives yet")

    at_desk(work)


@app.command("check")
def check_(file: File) -> None:
    """Say whether a file is an archive of this ledger, to the last bit."""

    async def work(desk: Desk) -> None:
        row = await check(desk.ledger, file)
        tell(f"UTUH / GENUINE: {row.name}, {row.reports} laporan / reports")

    at_desk(work)


@app.command("restore")
def restore_(
    file: File,
    codes: Annotated[list[str] | None, typer.Argument(metavar="CODE...", help="Tracking codes.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every report in the file.")] = False,
) -> None:
    """Put content back into the ledger. What was erased meanwhile stays erased."""
    if bool(codes) == everything:
        raise Invalid("name the reports to put back, or --all")

    async def work(desk: Desk) -> None:
        wanted = None if everything else {code.strip().upper() for code in codes or ()}
        back, left = await restore(desk.ledger, file, wanted, actor=desk.actor, now=desk.now)
        tell(f"{back} dipulihkan / put back" + (f"; {left} dihapus atau sudah ada / erased, or here" if left else ""))

    at_desk(work)
