"""People put parked work back, cancel it, settle what is uncertain; and each of it is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from gateway.ledger import Ledger
from gateway.ledger.actions import list_actions
from gateway.ledger.repairs import cancel, redrive, resolve
from gateway.ledger.tables import results
from gateway.ledger.values import HandoffFilter, WorkerRow
from gateway.ledger.views import last_attempt
from schemas.errors import Invalid
from schemas.handoff import Evidence, HandoffState, OutcomeKind, ResultSource
from tests.integration.ledger.doing import brought_to, claim_all, column, count, handoff, handoffs, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_change, a_report, a_result

MUCH_LATER = LATER + timedelta(days=3)


async def actions_on(ledger: Ledger, subject: object) -> list[tuple[str, str]]:
    return [(row.action, row.actor) for row in await ledger.read(list_actions, subject=str(subject))]


async def test_parked_work_is_put_back_with_its_clock_begun_anew(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.PARKED, a_report("wamid.1", SP4N))

    assert await ledger.write(redrive, [row.id, uuid4()], "ani", MUCH_LATER) == 1

    again = await handoff(ledger, row.id)
    assert (again.state, again.stage, again.reason, again.due_at) == (HandoffState.PENDING, None, None, MUCH_LATER)
    assert (again.clock_from, again.tries, again.step_tries) == (MUCH_LATER, 1, 0)
    assert await actions_on(ledger, row.id) == [("redrive", "ani")]


@pytest.mark.parametrize("state", [HandoffState.PENDING, HandoffState.DELIVERED, HandoffState.UNCERTAIN])
async def test_only_parked_work_is_redriven(ledger: Ledger, worker: WorkerRow, state: HandoffState) -> None:
    row = await brought_to(ledger, worker, state, a_report("wamid.1", SP4N))

    assert await ledger.write(redrive, [row.id], "ani", MUCH_LATER) == 0

    assert await handoff(ledger, row.id) == row
    assert await actions_on(ledger, row.id) == []


async def test_a_filter_redrives_what_it_matches_and_is_parked(ledger: Ledger, worker: WorkerRow) -> None:
    for number, destination in enumerate((SP4N, SP4N, MINISTRY)):
        await brought_to(ledger, worker, HandoffState.PARKED, a_report(f"wamid.{number}", destination))
    await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.u", SP4N))

    wanted = HandoffFilter(destination=SP4N, reason="http_422")
    assert await ledger.write(redrive, wanted, "ani", MUCH_LATER) == 2

    states = [(row.destination, row.state) for row in await handoffs(ledger)]
    assert sorted(states) == sorted([(SP4N, "pending"), (SP4N, "pending"), (MINISTRY, "parked"), (SP4N, "uncertain")])


@pytest.mark.parametrize("state", [HandoffState.PENDING, HandoffState.PARKED, HandoffState.UNCERTAIN])
async def test_what_is_still_owed_can_be_cancelled(ledger: Ledger, worker: WorkerRow, state: HandoffState) -> None:
    row = await brought_to(ledger, worker, state, a_report("wamid.1", SP4N))

    assert await ledger.write(cancel, [row.id], "ani", "ganda", MUCH_LATER) == 1

    cancelled = await handoff(ledger, row.id)
    assert (cancelled.state, cancelled.reason, cancelled.due_at) == (HandoffState.CANCELLED, "ganda", None)
    assert await actions_on(ledger, row.id) == [("cancel", "ani")]


async def test_what_is_delivered_or_being_worked_on_is_not_cancelled(ledger: Ledger, worker: WorkerRow) -> None:
    delivered = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    report = a_report("wamid.2", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)

    assert await ledger.write(cancel, [delivered.id, claimed.handoff.id], "ani", "ganda", LATER) == 0


async def test_a_person_confirms_that_it_arrived(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.1", SP4N))
    attempt = await ledger.read(last_attempt, row.id)
    assert attempt is not None
    result = replace(
        a_result(attempt.id, OutcomeKind.DELIVERED, source=ResultSource.OPERATOR, at=MUCH_LATER), actor="ani"
    )

    settled = await ledger.write(
        resolve, row.id, arrived=True, actor="ani", now=MUCH_LATER, reference="777", result=result
    )

    assert settled is True
    after = await handoff(ledger, row.id)
    assert (after.state, after.evidence, after.reference) == (HandoffState.DELIVERED, Evidence.CONFIRMED, "777")
    assert (after.uncertain_step, after.progress) == (None, {"create": {}})
    assert await column(ledger, results, "source") == ["reply", "operator"]
    assert await actions_on(ledger, row.id) == [("resolve", "ani")]


async def test_a_step_that_arrived_can_leave_others_to_do(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.1", SP4N))
    attempt = await ledger.read(last_attempt, row.id)
    assert attempt is not None
    result = a_result(attempt.id, OutcomeKind.DELIVERED, source=ResultSource.OPERATOR)
    change = replace(a_change(HandoffState.PENDING), progress={"create": {"complaint_id": 5}}, due_at=MUCH_LATER)

    await ledger.write(resolve, row.id, arrived=True, actor="ani", now=MUCH_LATER, result=result, change=change)

    after = await handoff(ledger, row.id)
    assert (after.state, after.due_at) == (HandoffState.PENDING, MUCH_LATER)
    assert (after.progress, after.uncertain_step) == ({"create": {"complaint_id": 5}}, None)


async def test_a_step_that_did_not_arrive_is_released_to_be_sent_again(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.1", SP4N))

    assert await ledger.write(resolve, row.id, arrived=False, actor="ani", now=MUCH_LATER) is True

    after = await handoff(ledger, row.id)
    assert (after.state, after.released, after.uncertain_step) == (HandoffState.PENDING, True, None)
    assert (after.due_at, after.clock_from, after.tries, after.step_tries) == (MUCH_LATER, MUCH_LATER, 1, 0)
    assert await count(ledger, results) == 1


async def test_only_what_is_uncertain_can_be_settled(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.PARKED, a_report("wamid.1", SP4N))

    assert await ledger.write(resolve, row.id, arrived=False, actor="ani", now=MUCH_LATER) is False
    assert await ledger.write(resolve, uuid4(), arrived=False, actor="ani", now=MUCH_LATER) is False
    assert await handoff(ledger, row.id) == row


async def test_nothing_is_confirmed_without_a_result_of_the_operators(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("wamid.1", SP4N))
    reply = a_result(uuid4(), OutcomeKind.DELIVERED)

    for result in (None, reply):
        with pytest.raises(Invalid):
            await ledger.write(resolve, row.id, arrived=True, actor="ani", now=NOW, result=result)
    assert await handoff(ledger, row.id) == row
