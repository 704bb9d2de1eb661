"""`report`: what became of a report; who reported it, for a stated reason; and the erasure of that person."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.attachments import storage_of
from gateway.cli.asked import agreed
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.say import print_json, tell
from gateway.cli.timeline import print_report, print_timeline
from gateway.ledger.erasure import erase_report
from gateway.ledger.values import ReportRecord
from gateway.operations.documents import report_document
from gateway.revealing import note_look, reveal
from gateway.settings import Settings
from gateway.storyline import kept_key, timeline_of
from schemas.errors import Busy, Invalid

app = typer.Typer(add_completion=False, no_args_is_help=True)

Wanted = Annotated[
    str, typer.Argument(metavar="CODE|ID|REFERENCE", help="Tracking code, id, or destination's reference.")
]


def _require_reason(reason: str | None) -> None:
    """Whoever wants to see more than where it stands says why. Raises Invalid."""
    if not (reason or "").strip():
        raise Invalid("--reveal needs --reason: it stands in the record beside your name")


@app.command()
def show(
    report: Wanted,
    reveal_it: Annotated[
        bool, typer.Option("--reveal", help="Print the content and the reporter too; recorded with the reason.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why the content must be seen.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what became of a report: verdict, route, every handoff and attempt. Without its content and its reporter."""
    if reveal_it:
        _require_reason(reason)

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        revealed = await _revealed(desk, record, reason or "") if reveal_it else None
        if as_json:
            print_json(report_document(record) | ({"content": revealed} if revealed else {}))
            return
        print_report(record)
        if revealed:
            tell("")
            tell("Isi dan pelapor / Content and reporter", style="bold")
            print_json(revealed)

    at_desk(work)


@app.command()
def timeline(
    report: Wanted,
    reveal_it: Annotated[
        bool, typer.Option("--reveal", help="Print what agencies wrote too; recorded with the reason.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why the texts must be seen.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what became of a report as its reporter is told it: when, who, what."""
    if reveal_it:
        _require_reason(reason)

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        if reveal_it:
            await note_look(desk.ledger, record, actor=desk.actor, reason=reason or "", now=desk.now)
        story = timeline_of(record, kept_key(desk.vault(), record.key) if reveal_it else None)
        if as_json:
            print_json(story.model_dump(mode="json"))
        else:
            print_timeline(story)

    at_desk(work)


async def _revealed(desk: Desk, record: ReportRecord, reason: str) -> dict[str, Any]:
    return await reveal(desk.ledger, desk.vault(), record, actor=desk.actor, reason=reason, now=desk.now)


def _remove_files(settings: Settings, record: ReportRecord) -> None:
    """The sealed attachments: nobody can open them any more, so they only take space."""
    storage = storage_of(settings)
    for file in record.files:
        for name in filter(None, (file.stored, file.travels)):
            try:
                storage.remove(name)
            except Busy as error:
                tell(f"berkas tertutup tertinggal / a sealed file is left, and opens to nobody: {error.detail}")


@app.command()
def erase(
    report: Wanted,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Destroy the key of a report: its content and its reporter are gone for good, the proof of its handoffs stays."""

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        code = record.report.tracking_code
        if record.report.erased_at is not None and record.archive is None:
            tell(f"{code}: sudah dihapus / erased already")
            return
        if not agreed(f"Hapus isi dan pelapor {code} untuk selamanya / Erase {code} for good?", yes=yes):
            raise typer.Exit(1)
        await desk.ledger.write(erase_report, record.report.id, desk.actor, desk.now)
        _remove_files(desk.settings, record)
        tell(f"{code}: isi dan pelapor dihapus, bukti tetap / content and reporter erased, the proof stays")

    at_desk(work)
