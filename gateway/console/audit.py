"""The audit trail: who did what, when, to what."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from gateway.console.visit import Visit
from gateway.ledger.actions import list_actions
from schemas.errors import Invalid

PAGE = 100


async def show_audit(visit: Visit) -> Response:
    """Actions, newest first, perhaps of one person or about one thing."""
    try:
        after = UUID(visit.query("before")) if visit.query("before") else None
    except ValueError as error:
        raise Invalid(visit.told("error.id")) from error
    subject, actor = visit.query("subject") or None, visit.query("actor") or None
    rows = await visit.desk.ledger.read(list_actions, subject=subject, actor=actor, after=after, limit=PAGE + 1)
    return visit.page("audit.html", rows=rows[:PAGE], more=len(rows) > PAGE, subject=subject or "", actor=actor or "")
