"""The stored decision about a report, in lines: verdict with findings, suggestion, route with the rules that fired."""

from __future__ import annotations

from gateway.classify import Suggestion
from gateway.classify import explain as explain_suggestion
from gateway.cli.words import VERDICTS
from gateway.route import explain as explain_route
from gateway.screen import explain as explain_verdict
from schemas.base import Json
from schemas.screening import RouteDecision, Verdict, VerdictKind


def decision_lines(verdict: str, decision: Json) -> list[str]:
    """The lines of a decision as the ledger keeps it. `verdict` is the word that the report carries."""
    meaning = VERDICTS.get(VerdictKind(verdict)) if verdict in set(VerdictKind) else None
    lines = [f"putusan / verdict {verdict}" + (f": {meaning}" if meaning else "")]
    written = decision if isinstance(decision, dict) else {}
    if written.get("verdict"):
        lines += [f"  {line}" for line in explain_verdict(Verdict.model_validate(written["verdict"]))[1:]]
    if written.get("suggestion"):
        lines.append("saran / suggestion")
        lines += [f"  {line}" for line in explain_suggestion(Suggestion.model_validate(written["suggestion"]))]
    if written.get("route"):
        lines.append("rute / route")
        lines += [f"  {line}" for line in explain_route(RouteDecision.model_validate(written["route"]))]
    return lines
