"""What a worker says after it was taken for dead, and what whoever takes its work up says before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.ledger import Ledger
from gateway.ledger.attempts import end_attempts
from gateway.ledger.claims import claim
from gateway.ledger.repairs import cancel, resolve
from gateway.ledger.tables import results
from gateway.ledger.values import Begin, Claimed, End, EndedAs, WorkerRow
from gateway.ledger.workers import fence, register
from schemas.handoff import HandoffState, OutcomeKind, ResultSource
from tests.integration.ledger.doing import begin, column, count, handoff
from tests.integration.ledger.making import (
    LATER,
    a_change,
    a_worker,
    an_end,
)


def taken_up(attempt: Begin, claimed: Claimed, state: HandoffState) -> End:
    """What a reaper writes about an attempt that nobody ended."""
    return an_end(attempt, a_change(state), source=ResultSource.REAPER, outcome=OutcomeKind.UNCERTAIN)


async def test_a_reaper_ends_the_attempt_of_a_dead_worker(ledger: Ledger, worker: WorkerRow, claimed: Claimed) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)

    ended = await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.UNCERTAIN))

    assert ended is EndedAs.APPLIED
    row = await handoff(ledger, claimed.handoff.id)
    assert (row.state, row.uncertain_step, row.owner) == (HandoffState.UNCERTAIN, "create", None)


async def test_a_second_reaper_changes_nothing(ledger: Ledger, worker: WorkerRow, claimed: Claimed) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.UNCERTAIN))
    second = taken_up(attempt, claimed, HandoffState.PENDING)
    second = replace(second, result=replace(second.result, leaf=b"another leaf, another reaper...."))

    assert await ledger.group(end_attempts, second) is EndedAs.LATE_NOTED

    assert (await handoff(ledger, claimed.handoff.id)).state is HandoffState.UNCERTAIN
    assert await count(ledger, results) == 1


async def test_a_fenced_workers_end_counts_while_nobody_has_taken_the_handoff_up(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    given = an_end(attempt, replace(a_change(HandoffState.PENDING), keep_owner=True))

    assert await ledger.group(end_attempts, given) is EndedAs.LATE_APPLIED

    row = await handoff(ledger, claimed.handoff.id)
    assert (row.state, row.owner, row.reason) == (HandoffState.PENDING, None, "http_503")
    assert await column(ledger, results, "source") == ["late"]
    assert await column(ledger, results, "leaf") == [given.late_leaf]


async def test_a_late_delivery_settles_an_uncertain_handoff(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.UNCERTAIN))

    ended = await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))

    assert ended is EndedAs.LATE_APPLIED
    assert (await handoff(ledger, claimed.handoff.id)).state is HandoffState.DELIVERED
    assert await column(ledger, results, "source") == ["reaper", "late"]


async def test_a_late_delivery_settles_a_step_that_waits_to_be_looked_up(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    waiting = replace(a_change(HandoffState.PENDING, tries=4), uncertain_step="create")
    await ledger.group(end_attempts, replace(taken_up(attempt, claimed, HandoffState.PENDING), change=waiting))

    ended = await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))

    assert ended is EndedAs.LATE_APPLIED
    row = await handoff(ledger, claimed.handoff.id)
    assert (row.state, row.tries) == (HandoffState.DELIVERED, 4)


async def test_a_late_delivery_stops_a_released_step_that_was_not_sent_again_yet(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.UNCERTAIN))
    await ledger.write(resolve, claimed.handoff.id, arrived=False, actor="ani", now=LATER)

    ended = await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))

    assert ended is EndedAs.LATE_APPLIED
    assert (await handoff(ledger, claimed.handoff.id)).state is HandoffState.DELIVERED


@pytest.mark.parametrize("state", [HandoffState.PENDING, HandoffState.PARKED, HandoffState.UNCERTAIN])
async def test_what_comes_late_and_is_no_delivery_is_only_noted(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed, state: HandoffState
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.UNCERTAIN))
    before = await handoff(ledger, claimed.handoff.id)

    assert await ledger.group(end_attempts, an_end(attempt, a_change(state))) is EndedAs.LATE_NOTED

    assert await handoff(ledger, claimed.handoff.id) == before
    assert await column(ledger, results, "source") == ["reaper", "late"]


async def test_a_late_delivery_is_only_noted_when_another_worker_has_the_handoff(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.PENDING))
    other = a_worker()
    await ledger.write(register, other)
    await ledger.write(claim, [claimed.handoff.id], other.id, LATER)

    ended = await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))

    assert ended is EndedAs.LATE_NOTED
    assert (await handoff(ledger, claimed.handoff.id)).owner == other.id


async def test_a_late_delivery_is_only_noted_when_a_person_cancelled(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.UNCERTAIN))
    await ledger.write(cancel, [claimed.handoff.id], "ani", "ganda", LATER)

    ended = await ledger.group(end_attempts, an_end(attempt, a_change(HandoffState.DELIVERED)))

    assert ended is EndedAs.LATE_NOTED
    assert (await handoff(ledger, claimed.handoff.id)).state is HandoffState.CANCELLED


async def test_a_late_end_run_again_is_recorded_once(ledger: Ledger, worker: WorkerRow, claimed: Claimed) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    await ledger.group(end_attempts, taken_up(attempt, claimed, HandoffState.UNCERTAIN))
    given = an_end(attempt, a_change(HandoffState.UNCERTAIN))

    assert [await ledger.group(end_attempts, given) for _ in range(2)] == [EndedAs.LATE_NOTED] * 2
    assert await count(ledger, results) == 2


async def test_reaper_and_late_worker_in_one_group_see_each_other(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)
    reaper = taken_up(attempt, claimed, HandoffState.UNCERTAIN)
    late = an_end(attempt, a_change(HandoffState.DELIVERED))

    ended = await ledger.write(end_attempts, [reaper, late])

    assert ended == [EndedAs.APPLIED, EndedAs.LATE_APPLIED]
    assert (await handoff(ledger, claimed.handoff.id)).state is HandoffState.DELIVERED
