"""`review`: reports that screening set aside, with the time left; each goes on, is given up, or is corrected."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.app import Gateway, opened
from gateway.categories import load_categories
from gateway.cli.asked import agreed, exact
from gateway.cli.decisions import decision_lines
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.say import listing, note, print_json, tell
from gateway.cli.timeline import link_lines
from gateway.examples import exported, lines_of
from gateway.ledger.actions import list_actions
from gateway.ledger.not_ours import list_asked
from gateway.ledger.reopening import take_back_review
from gateway.ledger.review import list_review
from gateway.ledger.values import ParkedRow, ReportRecord
from gateway.merging import Merging
from gateway.operations.reviewing import refused_row, review_row, waiting_row, waits_in
from schemas.errors import Invalid, NotFound
from schemas.handoff import NOT_OURS
from schemas.vocabulary import Classification

app = typer.Typer(add_completion=False, no_args_is_help=True)

HEADINGS = {
    "tracking_code": "KODE/CODE",
    "verdict": "PUTUSAN/VERDICT",
    "reason": "SEBAB/REASON",
    "channel": "KANAL/CHANNEL",
    "is_priority": "DARURAT/URGENT",
    "waiting_since": "SEJAK/SINCE",
    "released_at": "DILEPAS/RELEASED AT",
}

Code = Annotated[str, typer.Argument(metavar="CODE", help="Tracking code or id of a report that waits.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the record.", prompt="Alasan / Reason")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def review() -> None:
    """Decide about reports that screening set aside."""


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50, as_json: AsJson = False
) -> None:
    """List what waits and when each goes on by itself: emergencies first, then the soonest, then what has no clock."""

    async def work(desk: Desk) -> list[dict[str, Any]]:
        within = timedelta(seconds=desk.settings.review_within)
        rows = [review_row(one, within) for one in await desk.ledger.read(list_review, limit=limit)]
        rows += map(refused_row, await desk.ledger.read(list_asked, limit))
        return sorted(rows, key=lambda row: (not row["is_priority"], row["verdict"] == NOT_OURS))

    listing(at_desk(work), HEADINGS, as_json=as_json, empty="Tidak ada yang menunggu / Nothing waits.")


@app.command()
def show(report: Code, as_json: AsJson = False) -> None:
    """Show why a report waits, and what people did about it. Its content: `report show --reveal`."""

    async def work(desk: Desk) -> None:
        record, parked = await _waiting(desk, report)
        subjects = (str(parked.id), str(record.report.id))
        done = [row for subject in subjects for row in await desk.ledger.read(list_actions, subject=subject)]
        if as_json:
            actions = [{"at": row.at, "actor": row.actor, "action": row.action, "detail": row.detail} for row in done]
            print_json(
                {"tracking_code": record.report.tracking_code, "decision": record.report.decision}
                | {"parked": str(parked.id), "waiting_since": parked.parked_at, "actions": actions}
            )
            return
        tell(f"Laporan / Report {record.report.tracking_code}", style="bold")
        for line in (*decision_lines(record.report.verdict, record.report.decision), *link_lines(record)):
            tell(line)
        for row in done:
            tell(f"{row.at:%Y-%m-%d %H:%M} {row.actor}: {row.action}")

    at_desk(work)


@app.command()
def release(
    reports: Annotated[list[str], typer.Argument(metavar="CODE...", help="Tracking codes or ids.")],
    to: Annotated[list[str] | None, typer.Option("--to", help="Send them to this destination.")] = None,
) -> None:
    """Let reports go on to where the rules say."""

    async def work(desk: Desk) -> None:
        async with opened(desk.settings) as gateway:
            for code in reports:
                record, parked = await _waiting(desk, code)
                sent = await gateway.reviewing().send_on(parked, record, desk.actor, to or (), desk.now)
                tell(f"{record.report.tracking_code} → {', '.join(sent)}")
        note(f"Batalkan / Take back: review undo {desk.now.isoformat()}")

    at_desk(work)


@app.command()
def reject(report: Code, reason: Reason, yes: Yes = False) -> None:
    """Decide that it is no report. It is kept, and goes nowhere."""

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        parked, code = waits_in(record), record.report.tracking_code
        if not agreed(f"Tolak / Reject {code}?", yes=yes):
            raise typer.Exit(1)
        async with opened(desk.settings) as gateway:
            await gateway.reviewing().reject(record, parked, desk.actor, given(reason), desk.now)
        tell(f"Ditolak / Rejected: {code}")
        note(f"Batalkan / Take back: review undo {desk.now.isoformat()}")

    at_desk(work)


@app.command()
def undo(
    at: Annotated[str, typer.Argument(metavar="AT", help="The moment of the decision, as it was said.")],
    by: Annotated[str | None, typer.Option(help="Who decided; usually you, as `audit` names you.")] = None,
) -> None:
    """Take a decision back: what was let go on and has not begun, or was given up, waits for review again."""

    async def work(desk: Desk) -> None:
        taken = await desk.ledger.write(take_back_review, exact(at), by or desk.actor, desk.actor, desk.now)
        if not taken.count:
            raise NotFound(
                "nothing was decided at that moment by that person, or all of it has begun or was decided since"
            )
        tell(f"Menunggu lagi / Waits again: {taken.count}")
        if taken.stays:
            tell(f"Tetap, sudah mulai / Stays, it has begun: {taken.stays}")

    at_desk(work)


@app.command()
def merge(report: Code, into: Annotated[str, typer.Argument(metavar="INTO", help="The report it repeats.")]) -> None:
    """Say that it repeats another report: both are kept and linked, only the other goes on; its news is passed on.

    Of one that was handed on already, what it is still owed is cancelled, and whoever has it keeps it.
    """

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        other = await found_report(desk, into)
        async with opened(desk.settings) as gateway:
            await Merging(gateway.reviewing()).merge(record, waits_in(record), other, desk.actor)
        tell(f"{record.report.tracking_code} = {other.report.tracking_code}")

    at_desk(work)


@app.command()
def unlink(
    report: Annotated[str, typer.Argument(metavar="CODE", help="A report that follows another one.")], reason: Reason
) -> None:
    """Say that a report is about an event of its own after all: it goes on to where the rules say."""

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        async with opened(desk.settings) as gateway:
            sent = await Merging(gateway.reviewing()).unlink(record, desk.actor, given(reason))
        code = record.report.tracking_code
        tell(f"{code} → {', '.join(sent)}" if sent else f"{code}: menunggu ditinjau / waits for review")

    at_desk(work)


@app.command()
def correct(
    report: Code,
    category: Annotated[int | None, typer.Option(help="LAPOR!'s category id.")] = None,
    class_: Annotated[Classification | None, typer.Option("--class", help="LAPOR!'s class.")] = None,
    region: Annotated[str | None, typer.Option(help="Kemendagri code of the place.")] = None,
) -> None:
    """Correct category, class or place of a report. `release` routes one that waits by these; one that was handed on
    goes, besides, to whom the rules name for it."""
    if category is not None and category not in load_categories().by_id:
        raise Invalid(f"{category} is none of the known category ids; see gateway/data/lapor_category_ids.csv")

    async def work(desk: Desk, gateway: Gateway) -> None:
        record = await found_report(desk, report)
        chosen = {"category_id": category, "classification": class_, "region_code": region}
        changed = await gateway.reviewing().correct(record, desk.actor, chosen)
        code, sent = record.report.tracking_code, changed.pop("sent", None)
        for name, (before, after) in changed.items():
            tell(f"{code} {name}: {before or '-'} → {after}")
        if sent:
            tell(f"{code} → {', '.join(map(str, sent))}")

    async def with_gateway(desk: Desk) -> None:
        async with opened(desk.settings) as gateway:
            await work(desk, gateway)

    at_desk(with_gateway)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines, as `evaluate` and the training take them.")],
    reason: Reason,
) -> None:
    """Write what officers decided, with the reports' texts, to learn from; kept where `keep_corrections` is on."""

    async def work(desk: Desk) -> None:
        async with opened(desk.settings) as gateway:
            rows = await exported(gateway.ledger, gateway.vault, desk.actor, given(reason), desk.now)
        try:
            with file.open("xb") as out:
                out.write(lines_of(rows))
        except OSError as error:
            raise Invalid(f"{file} cannot be written: {error.strerror}; choose another name") from error
        tell(f"{file}: {len(rows)} contoh / examples")

    at_desk(work)


async def _waiting(desk: Desk, text: str) -> tuple[ReportRecord, ParkedRow]:
    """The report that the text names, and its open row in the queue. Raises NotFound, or Conflict when it waits not."""
    record = await found_report(desk, text)
    return record, waiting_row(record)


def given(reason: str) -> str:
    """The reason, which is needed. Raises Invalid for none."""
    if not reason.strip():
        raise Invalid("a reason is needed: it stands in the record beside your name")
    return reason.strip()
