"""What time alone does: deadlines pass, uncertainties last. Each is on record and the books balance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.attempts import end_attempts
from gateway.ledger.intake import add_messages
from gateway.ledger.repairs import redrive, resolve
from gateway.ledger.timers import count_waiting_since, park_uncertain, set_aside_overdue, uncertain_since
from gateway.ledger.values import Claimed, WorkerRow
from schemas.handoff import HandoffKind, HandoffState, ParkStage
from tests.integration.ledger.doing import begin, brought_to, claim_all, handoff, handoffs, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_change, a_later_message, a_report, an_end

MINUTE = timedelta(minutes=1)


async def test_what_waited_past_its_deadline_is_parked_on_record(ledger: Ledger) -> None:
    old, new = a_report("wamid.1", SP4N, MINISTRY), a_report("wamid.2", SP4N, at=LATER)
    await keep(ledger, old, new)

    assert await ledger.write(set_aside_overdue, SP4N, NOW + MINUTE, LATER, 100) == 1

    rows = {row.id: row for row in await handoffs(ledger)}
    parked = rows[old.handoffs[0].id]
    assert (parked.state, parked.stage, parked.reason) == (HandoffState.PARKED, ParkStage.DELIVER, "deadline_passed")
    assert (parked.due_at, [row.state for row in rows.values()].count(HandoffState.PENDING)) == (None, 2)
    [action] = await ledger.read(list_actions, subject=str(parked.id))
    assert (action.actor, action.action, action.detail["reason"]) == ("rule:deadline", "park", "deadline_passed")


async def test_the_clock_of_a_deadline_is_the_reports_own(ledger: Ledger) -> None:
    held = a_report("wamid.1", at=NOW, parked=ParkStage.SCREEN)
    await keep(ledger, held)
    released = a_later_message("wamid.2", held.report.id, new_handoffs=(a_report("x", SP4N, at=LATER).handoffs))
    await ledger.group(add_messages, released)

    assert await ledger.read(count_waiting_since, SP4N, NOW + MINUTE) == 1


async def test_a_later_message_has_a_deadline_of_its_own(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await brought_to(ledger, worker, HandoffState.DELIVERED, report)
    await ledger.group(add_messages, a_later_message("wamid.2", report.report.id))

    assert await ledger.read(count_waiting_since, SP4N, NOW + MINUTE) == 0
    assert await ledger.read(count_waiting_since, SP4N, LATER + MINUTE) == 1
    assert await ledger.write(set_aside_overdue, SP4N, LATER + MINUTE, LATER, 100) == 1
    assert [row.kind for row in await handoffs(ledger, state=HandoffState.PARKED)] == [HandoffKind.ADDITION]


async def test_what_may_have_arrived_becomes_uncertain_and_not_parked(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    asking = replace(a_change(HandoffState.PENDING), uncertain_step="create")
    await ledger.group(end_attempts, an_end(await begin(ledger, claimed, worker), asking))

    await ledger.write(set_aside_overdue, SP4N, LATER, LATER, 100)

    row = await handoff(ledger, claimed.handoff.id)
    assert (row.state, row.stage, row.reason) == (HandoffState.UNCERTAIN, None, "deadline_passed")


async def test_what_is_being_worked_on_is_left(ledger: Ledger, claimed: Claimed) -> None:
    assert await ledger.write(set_aside_overdue, SP4N, LATER, LATER, 100) == 0


async def test_uncertain_handoffs_are_found_by_how_long_they_are_so(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.1", SP4N))
    other = await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.2", SP4N))

    assert await ledger.read(uncertain_since, SP4N, row.updated_at, 10) == []
    found = await ledger.read(uncertain_since, SP4N, row.updated_at + MINUTE, 1)
    assert [one.id for one in found] == [min(row.id, other.id)]
    rest = await ledger.read(uncertain_since, SP4N, row.updated_at + MINUTE, 10, found[0].id)
    assert [one.id for one in rest] == [max(row.id, other.id)]
    assert await ledger.read(uncertain_since, MINISTRY, row.updated_at + MINUTE, 10) == []


async def test_what_was_released_once_is_left_to_people(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, report)
    await ledger.write(resolve, row.id, arrived=False, actor="rule:uncertain", now=LATER)
    [claimed] = await claim_all(ledger, worker, report)
    again = replace(a_change(HandoffState.UNCERTAIN, tries=2), released=True)
    await ledger.group(end_attempts, an_end(await begin(ledger, claimed, worker, number=2), again))

    assert (await handoff(ledger, row.id)).state is HandoffState.UNCERTAIN
    assert await ledger.read(uncertain_since, SP4N, LATER + MINUTE, 10) == []


async def test_a_parked_uncertainty_is_marked_before_anybody_sends_it_again(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.1", SP4N))

    assert await ledger.write(park_uncertain, row.id, "rule:uncertain", LATER) is True
    assert await ledger.write(park_uncertain, row.id, "rule:uncertain", LATER) is False
    assert await ledger.write(redrive, [row.id], "ani", LATER + timedelta(seconds=1)) == 1

    after = await handoff(ledger, row.id)
    assert (after.state, after.released) == (HandoffState.PENDING, True)
    actions = await ledger.read(list_actions, subject=str(row.id))
    assert [(one.action, one.actor) for one in reversed(actions)] == [("park", "rule:uncertain"), ("redrive", "ani")]


@pytest.mark.parametrize("state", [HandoffState.PARKED, HandoffState.DELIVERED])
async def test_only_what_is_uncertain_is_parked_as_such(ledger: Ledger, worker: WorkerRow, state: HandoffState) -> None:
    row = await brought_to(ledger, worker, state, a_report("wamid.1", SP4N))
    assert await ledger.write(park_uncertain, row.id, "rule:uncertain", LATER) is False
