"""An attempt is written before it is made, its end after; and nothing is ever believed of a worker that was fenced."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace

import pytest

from gateway.ledger import Ledger
from gateway.ledger.attempts import begin_attempts, end_attempts, settle
from gateway.ledger.claims import release
from gateway.ledger.tables import attempts, results
from gateway.ledger.values import Claimed, EndedAs, WorkerRow
from gateway.ledger.views import last_attempt, show_report
from gateway.ledger.workers import fence, register
from schemas.errors import Fenced
from schemas.handoff import Evidence, HandoffState, ParkStage
from tests.integration.ledger.doing import begin, claim_all, column, count, end, handoff, keep
from tests.integration.ledger.making import (
    LATER,
    MINISTRY,
    NOW,
    SP4N,
    a_change,
    a_report,
    a_worker,
    an_attempt,
    an_end,
)


async def test_an_attempt_is_recorded_as_it_was_given(ledger: Ledger, worker: WorkerRow, claimed: Claimed) -> None:
    attempt = await begin(ledger, claimed, worker)

    assert await ledger.read(last_attempt, claimed.handoff.id) == attempt


async def test_no_attempt_begins_for_a_handoff_that_is_not_the_workers(ledger: Ledger, claimed: Claimed) -> None:
    other = a_worker()
    await ledger.write(register, other)

    assert await ledger.group(begin_attempts, an_attempt(claimed, other.id)) is False
    assert await count(ledger, attempts) == 0


async def test_no_attempt_begins_once_the_handoff_was_given_back(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    await ledger.write(release, [claimed.handoff.id], worker.id, NOW)

    assert await ledger.group(begin_attempts, an_attempt(claimed, worker.id)) is False


async def test_a_fenced_worker_begins_nothing_and_others_are_not_held_up(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    other = a_worker()
    await ledger.write(register, other)
    report = a_report("wamid.2", SP4N)
    await keep(ledger, report)
    (others,) = await claim_all(ledger, other, report)
    await ledger.write(fence, worker.id, LATER)

    begun = await asyncio.gather(
        ledger.group(begin_attempts, an_attempt(claimed, worker.id)),
        ledger.group(begin_attempts, an_attempt(others, other.id)),
        return_exceptions=True,
    )

    assert [type(each) for each in begun] == [Fenced, bool]
    assert await column(ledger, attempts, "worker") == [other.id]


async def test_an_unregistered_worker_begins_nothing(ledger: Ledger, claimed: Claimed) -> None:
    with pytest.raises(Fenced):
        await ledger.group(begin_attempts, an_attempt(claimed, a_worker().id))


async def test_the_end_of_an_attempt_is_recorded_and_changes_the_handoff(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    given = an_end(attempt, a_change(HandoffState.DELIVERED))

    assert await ledger.group(end_attempts, given) is EndedAs.APPLIED

    record = await ledger.read(show_report, claimed.report.id)
    assert record is not None
    assert record.results == (given.result,)
    (row,) = record.handoffs
    assert (row.state, row.evidence, row.reference, row.owner) == (
        HandoffState.DELIVERED,
        Evidence.REFERENCED,
        "12345",
        None,
    )
    assert (row.progress, row.tries, row.due_at, row.updated_at) == ({"create": {"id": 17}}, 1, None, LATER)


async def test_every_value_of_a_change_is_written(ledger: Ledger, worker: WorkerRow, claimed: Claimed) -> None:
    attempt = await begin(ledger, claimed, worker)
    change = replace(
        a_change(HandoffState.PENDING),
        progress={"files": {"ids": [1, 2]}},
        clock_from=LATER,
        tries=3,
        step_tries=2,
        uncertain_step="create",
        released=True,
        stage=ParkStage.DELIVER,
        reason="http_503",
        evidence=Evidence.RECONCILED,
        reference="99",
    )

    await ledger.group(end_attempts, an_end(attempt, change))

    row = await handoff(ledger, claimed.handoff.id)
    names = [each.name for each in fields(change) if each.name != "keep_owner"]
    assert {name: getattr(row, name) for name in names} == {name: getattr(change, name) for name in names}


async def test_the_same_worker_goes_on_with_the_next_step(ledger: Ledger, worker: WorkerRow, claimed: Claimed) -> None:
    first = await begin(ledger, claimed, worker)
    going_on = replace(a_change(HandoffState.PENDING), keep_owner=True)

    await ledger.group(end_attempts, an_end(first, going_on))

    assert (await handoff(ledger, claimed.handoff.id)).owner == worker.id
    await begin(ledger, claimed, worker, step="pass_on", number=2)


async def test_running_again_after_a_commit_changes_nothing_and_answers_the_same(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = an_attempt(claimed, worker.id)
    given = an_end(attempt, a_change(HandoffState.DELIVERED))
    assert await ledger.write(begin_attempts, [attempt]) == await ledger.write(begin_attempts, [attempt]) == [True]
    assert await ledger.write(end_attempts, [given]) == [EndedAs.APPLIED]
    before = await handoff(ledger, claimed.handoff.id)

    assert await ledger.write(end_attempts, [given]) == [EndedAs.APPLIED]

    assert await handoff(ledger, claimed.handoff.id) == before
    assert await column(ledger, results, "source") == ["reply"]
    assert await count(ledger, attempts) == 1


async def test_many_attempts_end_in_one_transaction(ledger: Ledger, worker: WorkerRow) -> None:
    reports = [a_report(f"wamid.many.{number}", SP4N, MINISTRY) for number in range(30)]
    await keep(ledger, *reports)
    claimed = await claim_all(ledger, worker, *reports)
    begun = [an_attempt(each, worker.id) for each in claimed]
    assert await ledger.write(begin_attempts, begun) == [True] * 60

    ended = [an_end(attempt, a_change(HandoffState.DELIVERED)) for attempt, each in zip(begun, claimed, strict=True)]

    assert await ledger.write(end_attempts, ended) == [EndedAs.APPLIED] * 60
    assert [(await handoff(ledger, each.handoff.id)).state for each in claimed] == [HandoffState.DELIVERED] * 60


async def test_a_worker_settles_its_handoff_without_an_attempt(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    change = replace(a_change(HandoffState.PARKED), stage=ParkStage.INTERNAL, reason="build_failed")

    assert await ledger.write(settle, claimed.handoff.id, a_worker().id, change, LATER) is False
    assert await ledger.write(settle, claimed.handoff.id, worker.id, change, LATER) is True

    row = await handoff(ledger, claimed.handoff.id)
    assert (row.state, row.stage, row.reason, row.owner) == (
        HandoffState.PARKED,
        ParkStage.INTERNAL,
        "build_failed",
        None,
    )


async def test_an_end_that_cannot_be_written_leaves_the_attempt_open(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    given = an_end(attempt, a_change(HandoffState.DELIVERED))
    broken = replace(given, change=replace(given.change, tries=None))  # type: ignore[arg-type]

    with pytest.raises(Exception, match="tries"):
        await ledger.group(end_attempts, broken)

    assert await count(ledger, results) == 0
    assert await end(ledger, claimed, attempt, HandoffState.DELIVERED) is EndedAs.APPLIED


async def test_what_a_destination_wrote_never_keeps_an_end_from_being_recorded(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    attempt = await begin(ledger, claimed, worker)
    change = replace(a_change(HandoffState.DELIVERED), reference="9" * 300 + "\0", reason="r\0" + "r" * 100)

    assert await ledger.group(end_attempts, an_end(attempt, change)) is EndedAs.APPLIED

    row = await handoff(ledger, claimed.handoff.id)
    assert (row.reference, row.reason) == ("9" * 255, "r" * 64)
