"""A ledger that was put back from a backup doubts what it holds, and says so to whoever asks."""

from __future__ import annotations

from datetime import timedelta

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.intake import add_messages
from gateway.ledger.repairs import release_parked, resolve
from gateway.ledger.restoring import mark_restored
from gateway.ledger.tables import restorations, workers
from gateway.ledger.timers import set_aside_overdue
from gateway.ledger.values import NewMessage, WorkerRow
from gateway.lifecycle import LEDGER_RESTORED
from schemas.handoff import HandoffState, ParkStage
from tests.integration.ledger.doing import brought_to, column, count, handoff, handoffs, keep
from tests.integration.ledger.making import LATER, NOW, SP4N, a_handoff, a_later_message, a_report

AFTERWARDS = LATER + timedelta(days=1)


async def test_whatever_is_not_at_its_end_is_doubted_and_it_is_on_record(ledger: Ledger, worker: WorkerRow) -> None:
    for state in (HandoffState.DELIVERED, HandoffState.UNCERTAIN, HandoffState.PARKED):
        await brought_to(ledger, worker, state, a_report(f"wamid.{state}", SP4N))
    await keep(ledger, a_report("wamid.pending", SP4N))

    known = await ledger.write(mark_restored, "ani", AFTERWARDS)

    assert (known.pending, known.uncertain, known.parked, known.open) == (1, 1, 1, 3)
    doubted = {row.state: row.restored for row in await handoffs(ledger)}
    assert doubted == {state: state is not HandoffState.DELIVERED for state in doubted}
    assert len(doubted) == 4
    [noted] = await ledger.read(list_actions, actor="ani")
    assert (noted.action, noted.at, noted.detail["handoffs"]) == ("restored", AFTERWARDS, 3)
    assert await column(ledger, workers, "reaped_at") == [AFTERWARDS]
    assert await count(ledger, restorations) == 1


async def test_a_report_that_was_held_goes_nowhere_by_itself_afterwards(ledger: Ledger) -> None:
    held, unknown = a_report("wamid.1", parked=ParkStage.SCREEN), a_report("wamid.2", parked=ParkStage.SCREEN)
    await keep(ledger, held, unknown)
    await ledger.write(mark_restored, "ani", AFTERWARDS)
    assert held.parked is not None

    assert await ledger.write(release_parked, held.parked.id, [a_handoff(SP4N, at=AFTERWARDS)], "budi", AFTERWARDS)
    await ledger.group(
        add_messages,
        a_later_message("wamid.3", unknown.report.id, at=AFTERWARDS, new_handoffs=(a_handoff(SP4N, at=AFTERWARDS),)),
    )

    rows = await handoffs(ledger)
    assert [(row.state, row.reason, row.due_at) for row in rows] == [
        (HandoffState.UNCERTAIN, LEDGER_RESTORED, None)
    ] * 2
    assert await ledger.write(resolve, rows[0].id, arrived=False, actor="budi", now=AFTERWARDS)
    again = await handoff(ledger, rows[0].id)
    assert (again.state, again.restored, again.released) == (HandoffState.PENDING, False, True)


async def test_a_report_that_came_in_afterwards_is_in_no_doubt(ledger: Ledger) -> None:
    await ledger.write(mark_restored, "ani", NOW)
    held = a_report("wamid.1", parked=ParkStage.SCREEN, at=AFTERWARDS)
    await keep(ledger, held)
    assert held.parked is not None

    assert await ledger.write(release_parked, held.parked.id, [a_handoff(SP4N, at=AFTERWARDS)], "budi", AFTERWARDS)

    assert [row.state for row in await handoffs(ledger)] == [HandoffState.PENDING]


async def test_a_later_message_rides_along_with_nothing_that_may_have_gone(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await ledger.write(mark_restored, "ani", LATER)

    later = a_later_message("wamid.2", report.report.id, at=AFTERWARDS)
    assert isinstance(later, NewMessage)
    await ledger.group(add_messages, later)

    assert [(row.kind, row.first_sequence) for row in await handoffs(ledger)] == [("report", 0), ("addition", 1)]


async def test_a_deadline_makes_it_uncertain_and_does_not_park_it(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N))
    await ledger.write(mark_restored, "ani", LATER)

    assert await ledger.write(set_aside_overdue, SP4N, AFTERWARDS, AFTERWARDS, 10) == 1

    assert [row.state for row in await handoffs(ledger)] == [HandoffState.UNCERTAIN]
