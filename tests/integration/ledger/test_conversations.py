"""A message joins the latest report of its conversation, unless that leads nowhere any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.ledger import Ledger
from gateway.ledger.intake import add_messages, find_conversation
from gateway.ledger.repairs import cancel, cancel_parked, erase_report
from gateway.ledger.tables import messages
from gateway.ledger.values import NewReport, WorkerRow
from schemas.errors import NotFound
from schemas.handoff import ParkStage
from tests.integration.ledger.doing import claim_all, count, keep
from tests.integration.ledger.making import (
    LATER,
    MINISTRY,
    NOW,
    SP4N,
    a_later_message,
    a_report,
    hashed,
)


async def leads_nowhere(ledger: Ledger, way: str) -> NewReport:
    """A report of a conversation, of which nothing is owed any more."""
    report = a_report("wamid.1", *([] if way == "unparked" else [SP4N]), parked=HELD[way], conversation="budi")
    await keep(ledger, report)
    if way == "erased":
        await ledger.write(erase_report, report.report.id, "ani", NOW)
    elif report.parked is not None:
        await ledger.write(cancel_parked, [report.parked.id], "ani", "iklan", NOW)
    else:
        await ledger.write(cancel, [report.handoffs[0].id], "ani", "iklan", NOW)
    return report


HELD = {"cancelled": None, "unparked": ParkStage.SCREEN, "erased": None}


@pytest.mark.parametrize("way", HELD)
async def test_a_message_to_a_report_that_leads_nowhere_is_not_swallowed(ledger: Ledger, way: str) -> None:
    report = await leads_nowhere(ledger, way)

    with pytest.raises(NotFound):
        await ledger.group(add_messages, a_later_message("wamid.2", report.report.id))
    kept = await ledger.group(add_messages, a_later_message("wamid.2", report.report.id, expected=1))
    assert kept.stale
    assert await count(ledger, messages) == 1


@pytest.mark.parametrize("way", HELD)
async def test_a_report_that_leads_nowhere_is_no_conversation(ledger: Ledger, way: str) -> None:
    await leads_nowhere(ledger, way)

    assert await ledger.read(find_conversation, hashed("budi"), NOW) is None


async def test_a_conversation_is_its_latest_report(ledger: Ledger) -> None:
    older = a_report("wamid.1", SP4N, conversation="budi")
    newer = a_report("wamid.2", SP4N, at=LATER, conversation="budi")
    await keep(ledger, older, newer, a_report("wamid.3", SP4N, at=LATER, conversation="siti"))

    found = await ledger.read(find_conversation, hashed("budi"), NOW)

    assert found is not None
    assert (found.report, found.key) == (newer.report, newer.key)
    assert (found.started, found.destinations, found.parked) == (False, (SP4N,), None)


async def test_an_older_conversation_is_not_found(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N, conversation="budi"))

    assert await ledger.read(find_conversation, hashed("budi"), NOW) is not None
    assert await ledger.read(find_conversation, hashed("budi"), NOW + timedelta(microseconds=1)) is None


async def test_a_conversation_tells_that_its_handoffs_have_begun(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY, conversation="budi")
    await keep(ledger, report)
    await claim_all(ledger, worker, replace(report, handoffs=report.handoffs[:1]))

    found = await ledger.read(find_conversation, hashed("budi"), NOW)

    assert found is not None
    assert found.started


async def test_a_conversation_tells_that_its_report_is_held(ledger: Ledger) -> None:
    report = a_report("wamid.1", parked=ParkStage.SCREEN, conversation="budi")
    await keep(ledger, report)

    found = await ledger.read(find_conversation, hashed("budi"), NOW)

    assert found is not None
    assert (found.parked, found.destinations) == (report.parked, ())
