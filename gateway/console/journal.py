"""The journal: its last signed checkpoint, and a verification whenever somebody wants to be sure."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.findings import INDONESIAN
from gateway.ledger.health import unsigned_since
from gateway.ledger.log_reading import latest_checkpoint
from gateway.operations.checking import begin_check

_SHOWN = 50


async def show_journal(visit: Visit) -> Response:
    """The page; only the verification when a script asks how far it is."""
    checker = visit.desk.checker
    found = checker.last.found if checker.last else None
    findings = [
        (INDONESIAN[one.problem] if visit.language == "id" else one.problem.value, one.sentence)
        for one in (found.findings if found else ())[:_SHOWN]
    ]
    shown: dict[str, Any] = {"check": checker.last, "busy": checker.is_busy, "findings": findings}
    if visit.is_part:
        return visit.page("journal_check.html", **shown)
    ledger = visit.desk.ledger
    return visit.page(
        "journal.html",
        **shown,
        checkpoint=await ledger.read(latest_checkpoint),
        unsigned=await ledger.read(unsigned_since),
        keys=[str(one) for one in visit.desk.ring.trusted],
    )


async def take_check(visit: Visit) -> Response:
    """Begin a verification, if none is under way."""
    desk = visit.desk
    await begin_check(desk.checker, desk.ledger, desk.ring.trusted[0].name, visit.actor, visit.now)
    return visit.go("/journal")
