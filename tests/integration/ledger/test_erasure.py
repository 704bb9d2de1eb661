"""Erasing destroys the key and cancels what is owed; what was recorded stays as it was."""

from __future__ import annotations

from uuid import uuid4

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.attempts import end_attempts
from gateway.ledger.intake import park_inbound
from gateway.ledger.repairs import erase_report
from gateway.ledger.values import WorkerRow
from gateway.ledger.views import list_parked, show_parked, show_report
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import begin, brought_to, claim_all, handoff, keep
from tests.integration.ledger.making import (
    LATER,
    MINISTRY,
    SP4N,
    a_change,
    a_report,
    an_end,
    an_unreadable_part,
)


async def test_the_key_is_gone_and_what_is_owed_is_cancelled(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report, a_report("wamid.2", SP4N))

    assert await ledger.write(erase_report, report.report.id, "ani", LATER) is True

    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    assert (record.key.wrapped, record.key.master_key_id) == (None, None)
    assert (record.report.erased_at, record.report.conversation_key) == (LATER, None)
    assert [(row.state, row.reason) for row in record.handoffs] == [(HandoffState.CANCELLED, "erased")] * 2
    assert [row.action for row in await ledger.read(list_actions, subject=str(report.report.id))] == ["erase"]


async def test_it_is_done_once(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await ledger.write(erase_report, report.report.id, "ani", LATER)

    assert await ledger.write(erase_report, report.report.id, "ani", LATER) is False
    assert await ledger.write(erase_report, uuid4(), "ani", LATER) is False


async def test_attempts_and_results_stay_as_they_were(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    before = await ledger.read(show_report, row.report_id)

    await ledger.write(erase_report, row.report_id, "ani", LATER)

    after = await ledger.read(show_report, row.report_id)
    assert before is not None
    assert after is not None
    assert (after.attempts, after.results, after.handoffs) == (before.attempts, before.results, before.handoffs)


async def test_what_is_being_sent_right_now_ends_as_it_ends(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    attempt = await begin(ledger, claimed, worker)

    await ledger.write(erase_report, report.report.id, "ani", LATER)
    await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))

    assert (await handoff(ledger, claimed.handoff.id)).state is HandoffState.DELIVERED


async def test_a_parked_part_can_be_erased_too(ledger: Ledger) -> None:
    part = an_unreadable_part("a")
    await ledger.group(park_inbound, part)

    assert await ledger.write(erase_report, part.parked.id, "ani", LATER) is True

    shown = await ledger.read(show_parked, part.parked.id)
    assert shown is not None
    assert shown[0].state == "cancelled"
    assert shown[1] is not None
    assert shown[1].wrapped is None
    assert await ledger.read(list_parked) == []
