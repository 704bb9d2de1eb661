"""A mail that came back takes its delivery back, once, in one commit, and the books balance."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.bouncing import take_back
from gateway.ledger.repairs import redrive
from gateway.ledger.tables import results
from gateway.ledger.values import HandoffRow, ResultRow, WorkerRow
from gateway.ledger.views import last_attempt
from schemas.errors import Busy, Invalid
from schemas.handoff import HandoffState, OutcomeKind, ParkStage, ResultSource
from tests.integration.ledger.doing import begin, brought_to, claim_all, column, handoff, keep
from tests.integration.ledger.making import LATER, SP4N, a_report, a_result

MUCH_LATER = LATER + timedelta(hours=3)
STEP = "create"


async def a_bounce(ledger: Ledger, row: HandoffRow, source: ResultSource = ResultSource.BOUNCE) -> ResultRow:
    attempt = await ledger.read(last_attempt, row.id)
    assert attempt is not None
    return a_result(attempt.id, OutcomeKind.REFUSED, source=source, at=MUCH_LATER)


@pytest.mark.parametrize("state", [HandoffState.DELIVERED, HandoffState.PENDING, HandoffState.UNCERTAIN])
async def test_a_mail_that_came_back_parks_its_handoff(ledger: Ledger, worker: WorkerRow, state: HandoffState) -> None:
    row = await brought_to(ledger, worker, state, a_report("wamid.1", SP4N))
    result = await a_bounce(ledger, row)

    assert await ledger.write(take_back, row.id, result, STEP, "mta", MUCH_LATER) is True

    parked = await handoff(ledger, row.id)
    assert (parked.state, parked.stage, parked.reason) == (HandoffState.PARKED, ParkStage.DELIVER, "bounced")
    assert (parked.released, STEP in parked.progress, parked.due_at) == (True, False, None)
    assert await column(ledger, results, "source") == ["reply", "bounce"]
    assert [line.difference for line in await ledger.read(balance)] == [0]


async def test_the_same_mail_comes_back_once(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    result = await a_bounce(ledger, row)
    await ledger.write(take_back, row.id, result, STEP, "mta", MUCH_LATER)

    assert await ledger.write(take_back, row.id, result, STEP, "mta", MUCH_LATER) is False
    await ledger.write(redrive, [row.id], "ani", MUCH_LATER)
    assert await ledger.write(take_back, row.id, result, STEP, "mta", MUCH_LATER) is False

    assert (await handoff(ledger, row.id)).state is HandoffState.PENDING
    assert await column(ledger, results, "source") == ["reply", "bounce"]


async def test_what_was_not_sent_by_mail_cannot_come_back(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    result = await a_bounce(ledger, row)

    assert await ledger.write(take_back, row.id, result, "mail", "mta", MUCH_LATER) is False

    assert await handoff(ledger, row.id) == row


async def test_while_a_worker_is_at_it_the_bounce_must_come_again(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    await begin(ledger, claimed, worker)
    result = await a_bounce(ledger, claimed.handoff)

    with pytest.raises(Busy):
        await ledger.write(take_back, claimed.handoff.id, result, STEP, "mta", MUCH_LATER)


async def test_only_a_bounce_takes_back(ledger: Ledger, worker: WorkerRow) -> None:
    row = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    result = await a_bounce(ledger, row, ResultSource.OPERATOR)

    with pytest.raises(Invalid):
        await ledger.write(take_back, row.id, result, STEP, "mta", MUCH_LATER)
