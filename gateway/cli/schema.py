"""`schema`: the published schemas as JSON Schema."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.cli.say import print_json
from schemas.base import Schema
from schemas.errors import Invalid
from schemas.handoff import Acceptance, Receipt, ReportView
from schemas.report import Message, Report, Reporter, ReportSubmission
from schemas.screening import RouteDecision, Verdict
from schemas.status import CaseEvent
from schemas.timeline import Timeline

app = typer.Typer(add_completion=False)

DIALECT = "https://json-schema.org/draft/2020-12/schema"

PUBLISHED: dict[str, type[Schema]] = {
    "report": Report,
    "reporter": Reporter,
    "message": Message,
    "submission": ReportSubmission,
    "acceptance": Acceptance,
    "status": ReportView,
    "receipt": Receipt,
    "event": CaseEvent,
    "timeline": Timeline,
    "verdict": Verdict,
    "route": RouteDecision,
}


@app.command()
def schema(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(PUBLISHED)}.")] = "report",
) -> None:
    """Print the JSON Schema of a published schema; docs/schemas/report.json is made with it."""
    if name not in PUBLISHED:
        raise Invalid(f"no schema is called {name!r}; choose one of {', '.join(PUBLISHED)}")
    print_json({"$schema": DIALECT, **PUBLISHED[name].model_json_schema()})
