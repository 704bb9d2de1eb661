"""`route`: why a report was judged and sent as it was."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.decisions import decision_lines
from gateway.cli.desk import Desk, at_desk
from gateway.cli.finding import found_report
from gateway.cli.say import print_json, tell

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def route() -> None:
    """Explain where a report was sent, and why."""


@app.command()
def explain(
    report: Annotated[str, typer.Argument(metavar="CODE", help="Tracking code, id, or a destination's reference.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the decision as it was stored: the verdict's findings and the rules that fired, with what they saw."""

    async def work(desk: Desk) -> None:
        record = await found_report(desk, report)
        if as_json:
            decision = record.report.decision
            print_json(
                {"tracking_code": record.report.tracking_code, "verdict": record.report.verdict, "decision": decision}
            )
            return
        tell(f"Laporan / Report {record.report.tracking_code}", style="bold")
        for line in decision_lines(record.report.verdict, record.report.decision):
            tell(line)

    at_desk(work)
