"""`file`: attachments that were withheld or could not be had; a person lets each go after all, or keeps it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from gateway.attachments import storage_of
from gateway.cli.asked import agreed, identities
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.review import given
from gateway.cli.say import listing, tell
from gateway.clock import SystemClock
from gateway.ledger.file_decisions import list_undecided
from gateway.ledger.files import find_file
from gateway.operations.documents import undecided_row
from gateway.revealing import note_look
from gateway.storyline import kept_key
from gateway.withheld import Deciding
from schemas.errors import Conflict, NotFound

app = typer.Typer(add_completion=False, no_args_is_help=True)

HEADINGS = {
    "id": "ID",
    "tracking_code": "KODE/CODE",
    "channel": "KANAL/CHANNEL",
    "state": "KEADAAN/STATE",
    "reason": "SEBAB/REASON",
    "found": "TEMUAN/FOUND",
    "media_type": "JENIS/TYPE",
    "size": "BYTE",
    "scan": "PINDAI/SCAN",
}

Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="Ids, as listed.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the record.", prompt="Alasan / Reason")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.callback()
def file() -> None:
    """Decide about files that are withheld or could not be had."""


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the files that are withheld or could not be had, and that nobody decided about, oldest first."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        return [undecided_row(one) for one in await desk.ledger.read(list_undecided, limit=limit)]

    listing(at_desk(work), HEADINGS, as_json=as_json, empty="Semua berkas ikut terkirim / Every file travels.")


@app.command()
def release(ids: Ids, reason: Reason, yes: Yes = False) -> None:
    """Let files go as they came, to whoever has their reports; one that could not be had is fetched again."""

    async def work(desk: Desk) -> None:
        if not agreed(f"Lepas {len(ids)} berkas apa adanya / Let {len(ids)} files go as they came?", yes=yes):
            raise typer.Exit(1)
        for one in identities(ids):
            kept = await _deciding(desk).release(one, desk.actor, given(reason))
            tell(f"{kept.tracking_code}: berkas dilepas / the file goes")

    at_desk(work)


@app.command()
def keep(ids: Ids, reason: Reason) -> None:
    """Say that files stay where they are for good; nobody is reminded of them any more."""

    async def work(desk: Desk) -> None:
        for one in identities(ids):
            await _deciding(desk).keep(one, desk.actor, given(reason))
            tell(f"{one}: tetap ditahan / kept back")

    at_desk(work)


@app.command()
def save(
    one: Annotated[UUID, typer.Argument(metavar="ID", help="A file's id, as listed.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Where to write it; never over another file.")],
    reason: Reason,
) -> None:
    """Write a file as it came, for a person's eyes; recorded with the reason. It may be harmful: open it with care."""

    async def work(desk: Desk) -> None:
        found = await desk.ledger.read(find_file, one)
        if found is None or found.stored is None:
            raise NotFound("no file of this id lies here")
        record = await found_report(desk, str(found.report_id))
        await note_look(desk.ledger, record, actor=desk.actor, reason=given(reason), now=desk.now)
        key = kept_key(desk.vault(), record.key)
        if key is None:
            raise Conflict("its report is erased: nobody can open the file any more")
        with path.open("xb") as target:
            target.writelines(storage_of(desk.settings).pieces(key, found.stored))
        tell(f"{path}")

    at_desk(work)


def _deciding(desk: Desk) -> Deciding:
    return Deciding(desk.ledger, desk.vault(), SystemClock())
