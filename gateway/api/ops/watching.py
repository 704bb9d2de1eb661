"""What is watched: how much moves, the books, the journal, and what everybody did."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gateway.api.ops.asked import MOST, answer, asked, page, published
from gateway.ledger.actions import list_actions
from gateway.ledger.activity import attempts_since, clocks_alarming, reports_since
from gateway.ledger.books import balance
from gateway.ledger.gates import list_gates
from gateway.ledger.health import overdue, unsigned_since
from gateway.ledger.log_reading import latest_checkpoint
from gateway.ledger.queues import waiting
from gateway.operations.checking import Check, begin_check
from gateway.operations.rows import action_row, balance_row, verification_document
from gateway.roles import Permission

router = APIRouter(prefix="/v1/ops", tags=["operations"])

_LATELY = timedelta(minutes=5)
_LATE = timedelta(minutes=1)
_BALANCE = ("channel", "destination", "accepted", "delivered", "pending", "uncertain", "parked", "cancelled")
_CHECK = ("by", "began", "ended", "percent", "problem", "found")


@router.get("/overview", summary="Is anything wrong?", **published("At this moment", "waiting", "late", "gates"))
async def get_overview(request: Request) -> Response:
    """What waits for a person, what is late, whose gate is shut, clocks at risk; rates are of the last five minutes."""
    one = await asked(request, Permission.LOOK)
    ledger, since = one.ledger, one.now - _LATELY
    late = [{"destination": each.destination, "count": each.handoffs, "oldest": each.oldest}
            for each in await ledger.read(overdue, one.now - _LATE)]  # fmt: skip
    counts = await ledger.read(waiting)
    return answer(
        {
            "waiting": {"parked": counts.parked, "uncertain": counts.uncertain, "set_aside": counts.set_aside},
            "late": late,
            "gates": {row.destination: row.state for row in await ledger.read(list_gates) if row.state != "open"},
            "clocks": await ledger.read(clocks_alarming),
            "attempts": [
                {"destination": to, "outcome": outcome, "count": count}
                for (to, outcome), count in (await ledger.read(attempts_since, since)).items()
            ],
            "reports": [
                {"channel": channel, "verdict": verdict, "count": count}
                for (channel, verdict), count in (await ledger.read(reports_since, since)).items()
            ],
        }
    )


@router.get("/books", summary="The balance", **published("By channel and destination", *_BALANCE, rows=True))
async def get_books(request: Request) -> Response:
    """accepted = delivered + pending + uncertain + parked + cancelled; `difference` is what is off."""
    one = await asked(request, Permission.LOOK)
    return answer({"rows": [balance_row(row) for row in await one.ledger.read(balance)], "next": None})


@router.get("/audit", summary="Who did what", **published("Newest first", "id", "at", "actor", "action", rows=True))
async def get_audit(
    request: Request,
    actor: Annotated[str | None, Query(description="Only of this person")] = None,
    subject: Annotated[str | None, Query(description="Only about this thing")] = None,
    after: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> Response:
    """Actions, through console, API and commands."""
    one = await asked(request, Permission.AUDIT)
    rows = await one.ledger.read(list_actions, subject=subject, actor=actor, after=after, limit=limit + 1)
    shown = [action_row(row) | {"id": str(row.id)} for row in rows]
    return answer(page(shown, limit, rows[:limit][-1].id if rows else None))


@router.get(
    "/journal", summary="The journal", **published("Its head", "origin", "checkpoint", "unsigned_since", "check")
)
async def get_journal(request: Request) -> Response:
    """The last signed checkpoint, the public keys, and the last verification that this process was asked for."""
    one = await asked(request, Permission.LOOK)
    last = await one.ledger.read(latest_checkpoint)
    checker = one.ops.checker
    return answer(
        {
            "origin": one.ops.ring.origin,
            "keys": [str(key) for key in one.ops.ring.trusted],
            "checkpoint": {"size": last.size, "signed_at": last.signed_at, "note": last.note} if last else None,
            "unsigned_since": await one.ledger.read(unsigned_since),
            "check": _check(checker.last) if checker.last else None,
        }
    )


@router.post("/journal/verify", summary="Verify the journal now", **published("How far it is", "started", *_CHECK))
async def post_verify(request: Request) -> Response:
    """Begins, unless one is under way; `GET /v1/ops/journal` tells how far it is and what it found."""
    one = await asked(request, Permission.VERIFY)
    checker = one.ops.checker
    started = await begin_check(checker, one.ledger, one.ops.ring.origin, one.actor, one.now)
    return answer({"started": started, **(_check(checker.last) if checker.last else {})})


def _check(check: Check) -> dict[str, Any]:
    return {
        "by": check.by,
        "began": check.began,
        "ended": check.ended,
        "percent": check.percent,
        "problem": check.problem or None,
        "found": verification_document(check.found) if check.found else None,
    }
