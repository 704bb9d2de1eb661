"""A handoff is worked on by one worker at a time, in its turn, with everything that its case needs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from gateway.ledger import Ledger
from gateway.ledger.claims import Wanted, claim, claim_each, owned_by, release
from gateway.ledger.destinations import pause, resume
from gateway.ledger.intake import add_messages
from gateway.ledger.repairs import cancel, redrive, resolve
from gateway.ledger.values import Claimed, NewReport, WorkerRow
from gateway.ledger.workers import fence, register
from schemas.errors import Fenced
from schemas.handoff import HandoffKind, HandoffState
from tests.integration.ledger.doing import begin, brought_to, claim_all, end, handoff, handoffs, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_later_message, a_report, a_worker
from tests.integration.ledgers import OpenLedger


async def with_addition(ledger: Ledger, worker: WorkerRow, report: NewReport) -> tuple[Claimed, UUID]:
    """Keep a report, claim its handoff and add a message: the claimed handoff and the addition's id."""
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    kept = await ledger.group(add_messages, a_later_message("wamid.later", report.report.id, files=1))
    return claimed, kept.handoffs[0][1]


async def test_a_claim_brings_everything_that_the_case_is_built_from(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, files=2)
    await keep(ledger, report, a_report("wamid.2", SP4N, files=1))

    (claimed,) = await claim_all(ledger, worker, report)

    assert (claimed.handoff.id, claimed.handoff.owner) == (report.handoffs[0].id, worker.id)
    assert (claimed.report, claimed.key) == (report.report, report.key)
    assert [(each.id, each.sequence, each.sealed_message) for each in claimed.messages] == [
        (report.message.id, 0, report.message.sealed_message)
    ]
    assert claimed.files == report.files
    assert claimed.prior == {}


async def test_claims_come_in_the_order_in_which_they_were_asked_for(ledger: Ledger, worker: WorkerRow) -> None:
    reports = [a_report(f"wamid.{number}", SP4N) for number in range(20)]
    await keep(ledger, *reports)
    ids = [report.handoffs[0].id for report in reversed(reports)]

    claimed = await ledger.write(claim, [*ids, ids[0], uuid4()], worker.id, NOW)

    assert [each.handoff.id for each in claimed] == ids


async def test_lanes_that_claim_together_are_each_given_their_own(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    sp4n, ministry = (each.id for each in report.handoffs)

    first, second, again = await asyncio.gather(
        ledger.group(claim_each, Wanted([sp4n, uuid4()], worker.id, NOW)),
        ledger.group(claim_each, Wanted([ministry], worker.id, LATER)),
        ledger.group(claim_each, Wanted([sp4n], worker.id, NOW)),
    )

    assert [[each.handoff.id for each in found] for found in (first, second, again)] == [[sp4n], [ministry], []]


async def test_a_lane_of_a_worker_that_was_taken_for_dead_fails_alone(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (handoff_id,) = (each.id for each in report.handoffs)

    gone, claimed = await asyncio.gather(
        ledger.group(claim_each, Wanted([handoff_id], uuid4(), NOW)),
        ledger.group(claim_each, Wanted([handoff_id], worker.id, NOW)),
        return_exceptions=True,
    )

    assert isinstance(gone, Fenced)
    assert isinstance(claimed, list)
    assert [each.handoff.id for each in claimed] == [handoff_id]


async def test_a_ticket_delivered_twice_claims_nothing_twice(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)

    assert len(await claim_all(ledger, worker, report)) == 2
    assert await claim_all(ledger, worker, report) == []


async def test_two_processes_that_claim_at_once_share_the_handoffs(open_ledger: OpenLedger) -> None:
    both = [await open_ledger(), await open_ledger()]
    workers = [a_worker(), a_worker()]
    for ledger, worker in zip(both, workers, strict=True):
        await ledger.write(register, worker)
    reports = [a_report(f"wamid.{number}", SP4N) for number in range(100)]
    await keep(both[0], *reports)
    ids = [report.handoffs[0].id for report in reports]

    shares = await asyncio.gather(
        *(
            ledger.write(claim, ids[start : start + 50], worker.id, NOW)
            for start in (0, 25, 50)
            for ledger, worker in zip(both, workers, strict=True)
        )
    )

    claimed = [each.handoff.id for share in shares for each in share]
    assert sorted(claimed) == sorted(ids)


async def test_what_is_not_due_yet_is_not_claimed(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, due_at=LATER)
    await keep(ledger, report)

    assert await claim_all(ledger, worker, report, at=LATER - timedelta(microseconds=1)) == []
    assert len(await claim_all(ledger, worker, report, at=LATER)) == 1


async def test_nothing_is_claimed_for_a_paused_destination(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    await ledger.write(pause, SP4N, "ani", "pemeliharaan", NOW)

    assert [each.handoff.destination for each in await claim_all(ledger, worker, report)] == [MINISTRY]

    await ledger.write(resume, SP4N, "ani", NOW)
    assert [each.handoff.destination for each in await claim_all(ledger, worker, report)] == [SP4N]


@pytest.mark.parametrize("state", [HandoffState.PENDING, HandoffState.PARKED, HandoffState.UNCERTAIN])
async def test_an_addition_waits_while_the_report_is_owed(
    ledger: Ledger, worker: WorkerRow, state: HandoffState
) -> None:
    claimed, addition = await with_addition(ledger, worker, a_report("wamid.1", SP4N))
    assert await ledger.write(claim, [addition], worker.id, LATER) == []

    await end(ledger, claimed, await begin(ledger, claimed, worker), state)

    assert await ledger.write(claim, [addition], worker.id, LATER) == []


async def test_an_addition_goes_out_after_the_report_with_what_that_yielded(ledger: Ledger, worker: WorkerRow) -> None:
    claimed, addition = await with_addition(ledger, worker, a_report("wamid.1", SP4N))
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.DELIVERED)

    (later,) = await ledger.write(claim, [addition], worker.id, LATER)

    assert later.handoff.kind is HandoffKind.ADDITION
    assert [message.sequence for message in later.messages] == [1]
    assert [file.sequence for file in later.files] == [1]
    assert later.prior == {"create": {"id": 17}}


async def test_an_addition_goes_out_when_the_report_was_cancelled(ledger: Ledger, worker: WorkerRow) -> None:
    claimed, addition = await with_addition(ledger, worker, a_report("wamid.1", SP4N))
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.PARKED)
    await ledger.write(cancel, [claimed.handoff.id], "ani", "ganda", LATER)

    assert [each.handoff.id for each in await ledger.write(claim, [addition], worker.id, LATER)] == [addition]


async def test_a_second_addition_waits_for_the_first(ledger: Ledger, worker: WorkerRow) -> None:
    claimed, first = await with_addition(ledger, worker, a_report("wamid.1", SP4N))
    kept = await ledger.group(add_messages, a_later_message("wamid.3", claimed.report.id))
    second = kept.handoffs[0][1]
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.DELIVERED)

    assert [each.handoff.id for each in await ledger.write(claim, [second, first], worker.id, LATER)] == [first]


async def test_an_addition_does_not_wait_for_another_destination(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    claimed = {each.handoff.destination: each for each in await claim_all(ledger, worker, report)}
    kept = await ledger.group(add_messages, a_later_message("wamid.2", report.report.id))
    additions = dict(kept.handoffs)
    await end(ledger, claimed[SP4N], await begin(ledger, claimed[SP4N], worker), HandoffState.DELIVERED)

    later = await ledger.write(claim, list(additions.values()), worker.id, LATER)

    assert [each.handoff.id for each in later] == [additions[SP4N]]


async def test_a_worker_that_was_taken_for_dead_claims_nothing(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await ledger.write(fence, worker.id, NOW)

    with pytest.raises(Fenced):
        await claim_all(ledger, worker, report)
    with pytest.raises(Fenced):
        await claim_all(ledger, a_worker(), report)
    assert [row.owner for row in await handoffs(ledger)] == [None]


async def test_what_is_given_back_is_due_at_the_time_that_was_said(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    claimed = await claim_all(ledger, worker, report)
    assert set(await ledger.read(owned_by, worker.id)) == {each.handoff.id for each in claimed}

    assert await ledger.write(release, [claimed[0].handoff.id], worker.id, LATER + timedelta(hours=1)) == 1

    row = await handoff(ledger, claimed[0].handoff.id)
    assert (row.owner, row.rung_at, row.due_at) == (None, None, LATER + timedelta(hours=1))
    assert await ledger.read(owned_by, worker.id) == [claimed[1].handoff.id]


async def test_nobody_gives_back_what_another_has_claimed(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)

    assert await ledger.write(release, [claimed.handoff.id], a_worker().id, NOW) == 0
    assert (await handoff(ledger, claimed.handoff.id)).owner == worker.id


async def test_what_has_an_attempt_under_way_is_not_given_back(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    await begin(ledger, claimed, worker)

    assert await ledger.write(release, [claimed.handoff.id], worker.id, NOW) == 0
    assert (await handoff(ledger, claimed.handoff.id)).owner == worker.id


async def test_parked_work_is_claimed_again_once_it_is_redriven(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    row = await brought_to(ledger, worker, HandoffState.PARKED, report)
    assert await claim_all(ledger, worker, report) == []

    await ledger.write(redrive, [row.id], "ani", LATER)

    assert [each.handoff.id for each in await claim_all(ledger, worker, report)] == [row.id]


async def test_uncertain_work_is_claimed_again_once_it_is_released(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    row = await brought_to(ledger, worker, HandoffState.UNCERTAIN, report)

    await ledger.write(resolve, row.id, arrived=False, actor="ani", now=LATER)

    (again,) = await claim_all(ledger, worker, replace(report))
    assert (again.handoff.released, again.handoff.uncertain_step) == (True, None)


async def test_only_what_is_urgent_enough_is_claimed(ledger: Ledger, worker: WorkerRow) -> None:
    urgent, usual = a_report("wamid.urgent", SP4N, priority=0), a_report("wamid.usual", SP4N)
    await keep(ledger, urgent, usual)
    ids = [usual.handoffs[0].id, urgent.handoffs[0].id]

    claimed = await ledger.write(claim, ids, worker.id, NOW, 0)

    assert [one.handoff.id for one in claimed] == [urgent.handoffs[0].id]


async def test_what_is_given_back_without_a_time_keeps_its_place_and_its_clock(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    assert await ledger.write(release, [claimed.handoff.id], worker.id, None) == 1

    (row,) = await handoffs(ledger)
    assert (row.owner, row.due_at, row.clock_from) == (None, claimed.handoff.due_at, claimed.handoff.clock_from)


async def test_what_is_put_off_has_its_clock_put_off_as_well(
    ledger: Ledger, worker: WorkerRow, claimed: Claimed
) -> None:
    await ledger.write(release, [claimed.handoff.id], worker.id, LATER, NOW + timedelta(hours=1))

    (row,) = await handoffs(ledger)
    assert (row.due_at, row.clock_from) == (LATER, NOW + timedelta(hours=1))
