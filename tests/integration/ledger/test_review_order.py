"""What waits for a decision stands in the order in which it should be looked at, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from gateway.ledger import Ledger
from gateway.ledger.intake import park_inbound
from gateway.ledger.review import list_aside, list_review
from gateway.ledger.values import NewReport
from schemas.errors import Invalid
from schemas.handoff import ParkStage
from tests.integration.ledger.doing import keep
from tests.integration.ledger.making import NOW, a_report, an_unreadable_part


def held(
    name: str, *, minutes: int, check: str = "gibberish", verdict: str = "hold", urgent: bool = False
) -> NewReport:
    """A report that was set aside so long ago."""
    new = a_report(name, at=NOW - timedelta(minutes=minutes), parked=ParkStage.SCREEN)
    finding = {"check": check, "score": 1.0, "reason": "uji"}
    decision = {"verdict": {"kind": verdict, "findings": [finding]}}
    return replace(new, report=replace(new.report, is_priority=urgent, verdict=verdict, decision=decision))


async def test_emergencies_come_first_then_the_soonest_then_what_has_no_clock(ledger: Ledger) -> None:
    told = {
        "greeting": held("1", minutes=90, check="greeting_only", verdict="ask"),
        "new": held("2", minutes=1),
        "old": held("3", minutes=60),
        "urgent": held("4", minutes=2, urgent=True),
        "repeated": held("5", minutes=30, check="empty", verdict="duplicate"),
        "urgent greeting": held("6", minutes=80, check="greeting_only", verdict="ask", urgent=True),
    }
    unrouted, part = a_report("7", parked=ParkStage.ROUTE), an_unreadable_part("8", at=NOW - timedelta(hours=9))
    await keep(ledger, *told.values(), unrouted)
    await ledger.group(park_inbound, part)
    wanted = [told[one].parked for one in ("urgent", "urgent greeting", "old", "repeated", "new", "greeting")]
    assert [row.parked for row in await ledger.read(list_review)] == wanted

    after, seen = None, []
    while page := await ledger.read(list_review, after=after, limit=2):
        seen += [row.parked for row in page]
        after = page[-1].parked.id
    assert seen == wanted

    aside = await ledger.read(list_aside)
    assert aside == [*wanted[:5], part.parked, wanted[5], unrouted.parked]
    assert await ledger.read(list_aside, after=aside[3].id, limit=2) == aside[4:6]
    assert await ledger.read(list_aside, stage=ParkStage.PARSE) == [part.parked]
    assert await ledger.read(list_aside, channel="lain") == []
    for listed in (list_review, list_aside):
        with pytest.raises(Invalid):
            await ledger.read(listed, after=uuid4())
