"""`route`: why a report was judged and sent as it was, and what other rules would do."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.app import opened, prepare
from gateway.cli.decisions import decision_lines
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.say import listing, print_json, tell
from gateway.cli.timeline import link_lines
from gateway.ledger.rerouting import list_rerouted
from gateway.ledger.values import ReportRecord
from gateway.rerouting import left_by, rerouting_of
from gateway.review import whole_report
from gateway.route.moves import Move, failed
from gateway.route.onward import Passed, Pattern, patterns
from gateway.route.otherwise import Otherwise, otherwise, told
from gateway.trial import trials
from gateway.vault import Erased
from schemas.errors import Invalid
from schemas.screening import RouteDecision

app = typer.Typer(add_completion=False, no_args_is_help=True)

GATES = ("moved", "orphaned", "identity")
MOVES = {
    "tracking_code": "KODE/CODE",
    "channel": "KANAL/CHANNEL",
    "before": "SEBELUM/BEFORE",
    "after": "SESUDAH/AFTER",
    "orphaned": "TANPA TUJUAN/ORPHANED",
    "sees_reporter": "MELIHAT PELAPOR/SEES REPORTER",
}

PATTERNS = {
    "from": "DARI/FROM",
    "to": "KE/TO",
    "category": "KATEGORI/CATEGORY",
    "reports": "LAPORAN/REPORTS",
    "to_and_fro": "BOLAK-BALIK/TO AND FRO",
}


@app.callback()
def route() -> None:
    """Explain where a report was sent, and why; try other rules."""


@app.command()
def explain(
    report: Annotated[str, typer.Argument(metavar="CODE", help="Tracking code, id, or a destination's reference.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the decision as it was stored, and the smallest changes by which today's rules would send it elsewhere."""

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        others = _otherwise(desk, record)
        verdict, decision = record.report.verdict, record.report.decision
        if as_json:
            near = [{"rule": one.rule, "line": one.line, "if": one.lacking, "to": one.gains} for one in others]
            code = record.report.tracking_code
            print_json({"tracking_code": code, "verdict": verdict, "decision": decision, "otherwise": near})
            return
        tell(f"Laporan / Report {record.report.tracking_code}", style="bold")
        for line in (*decision_lines(verdict, decision), *link_lines(record)):
            tell(line)
        if others:
            tell("andaikan / otherwise")
            for line in told(others):
                tell(f"  {line}")

    at_desk(work)


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(metavar="NEW.yaml", help="The configuration with the changed rules.")],
    gate: Annotated[
        list[str] | None,
        typer.Option(help="Exit with 1 if a report is: moved, orphaned, or its reporter shown to others (identity)."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--csv", help="Write the moves into this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try changed rules on every report in the ledger: what moves, what is orphaned, who would see reporters."""
    if unknown := set(gate or ()) - set(GATES):
        raise Invalid(f"{min(unknown)!r} is no gate; choose of {', '.join(GATES)}")

    async def work(desk: Desk) -> bool:
        changed = prepare(desk.settings.model_copy(update={"config_file": file})).config
        tried = [one.move async for one in trials(desk.ledger, desk.vault(), changed)]
        moves = [move for move in tried if move is not None]
        rows = [_row(move) for move in moves]
        if output is not None:
            _write(output, rows)
        listing(rows, MOVES, as_json=as_json, empty="Tidak ada yang berpindah / Nothing moves.")
        if not as_json:
            orphaned = sum(move.is_orphaned for move in moves)
            seen = sum(bool(move.sees_reporter) for move in moves)
            tell(f"{len(tried)} laporan / reports: {len(moves)} moved, {orphaned} orphaned, {seen} shown to others")
        return failed(moves, gate or ())

    if at_desk(work):
        raise typer.Exit(1)


@app.command()
def reroute(
    report: Annotated[str, typer.Argument(metavar="CODE", help="Tracking code, id, or a destination's reference.")],
    left: Annotated[str, typer.Option("--from", help="The destination that says that it is not its matter.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the record.", prompt="Alasan / Reason")],
    to: Annotated[str | None, typer.Option("--to", help="Send it here, not to the next agency by the rules.")] = None,
) -> None:
    """Send a report on from an agency that does not take it; says so when a person must choose with --to."""

    async def work(desk: Desk) -> bool:
        record = await found_report(desk, report)
        handoff = left_by(record, left)
        async with opened(desk.settings) as gateway:
            reached = await rerouting_of(gateway.reviewing()).reroute(record, handoff, reason, desk.actor, to)
        tell(f"{record.report.tracking_code}: {left} → {reached or 'petugas memilih, --to / a person chooses, --to'}")
        return reached is not None

    if not at_desk(work):
        raise typer.Exit(1)


@app.command()
def pingpong(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show reports that are passed on in the same way again and again, with a rule that would have sent them there."""

    async def work(desk: Desk) -> list[Pattern]:
        passed, after = [], None
        while page := await desk.ledger.read(list_rerouted, after=after):
            passed += [
                Passed(row.subject, row.detail["from"], row.detail["to"], row.detail["category"]) for row in page
            ]
            after = page[-1].id
        return patterns(passed)

    found = at_desk(work)
    rows = [
        {"from": one.left, "to": one.reached, "category": one.category, "reports": one.reports}
        | {"to_and_fro": one.to_and_fro, "proposed": one.proposed()}
        for one in found
    ]
    listing(rows, PATTERNS, as_json=as_json, empty="Tidak ada yang berulang / Nothing repeats.")
    if not as_json:
        for one in found:
            tell(one.proposed())


def _otherwise(desk: Desk, record: ReportRecord) -> tuple[Otherwise, ...]:
    """Nothing for a report that was not routed or is erased, or where no configuration is named."""
    written = (record.report.decision or {}).get("route") if isinstance(record.report.decision, dict) else None
    if not written or desk.settings.config_file is None:
        return ()
    key = record.key
    try:
        opened = desk.vault().open_key(key.subject_id, key.wrapped, key.master_key_id)
    except Erased:
        return ()
    rules = prepare(desk.settings).config.rules
    decision = RouteDecision.model_validate(written)
    return otherwise(whole_report(record, opened), record.report.channel, rules, decision)


def _row(move: Move) -> dict[str, Any]:
    return {
        "tracking_code": move.tracking_code,
        "channel": move.channel,
        "before": " ".join(move.before),
        "after": " ".join(move.after),
        "orphaned": move.is_orphaned,
        "sees_reporter": " ".join(move.sees_reporter),
    }


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(MOVES))
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from error
