"""Later messages join their report and reach every destination that has it or will."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from gateway.ledger import Ledger
from gateway.ledger.intake import add_messages
from gateway.ledger.repairs import cancel, erase_report
from gateway.ledger.tables import files, handoffs, messages
from gateway.ledger.values import Filed, Kept, NewMessage, WorkerRow
from gateway.ledger.views import show_report
from schemas.errors import NotFound
from schemas.handoff import HandoffKind, HandoffState, ParkStage
from tests.integration.ledger.doing import begin, claim_all, count, end, keep
from tests.integration.ledger.doing import handoffs as handoffs_of
from tests.integration.ledger.making import (
    LATER,
    MINISTRY,
    NOW,
    SP4N,
    a_handoff,
    a_later_message,
    a_report,
)
from tests.integration.ledgers import OpenLedger


async def add(ledger: Ledger, *items: NewMessage) -> list[Kept]:
    return list(await asyncio.gather(*(ledger.group(add_messages, item) for item in items)))


async def test_a_later_message_rides_along_with_a_handoff_that_has_not_begun(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY, due_at=LATER)
    await keep(ledger, report)
    item = a_later_message("wamid.2", report.report.id)

    assert await add(ledger, item) == [Kept(report.report.id, report.report.tracking_code, sequence=1)]

    rows = await handoffs_of(ledger)
    assert [(row.kind, row.first_sequence, row.last_sequence, row.due_at) for row in rows] == [
        (HandoffKind.REPORT, 0, 1, item.due_at)
    ] * 2


async def test_a_message_after_the_handoff_began_makes_an_addition(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, priority=0)
    await keep(ledger, report)
    await claim_all(ledger, worker, report)

    (kept,) = await add(ledger, a_later_message("wamid.2", report.report.id))

    first, addition = await handoffs_of(ledger)
    assert (first.kind, first.last_sequence) == (HandoffKind.REPORT, 0)
    assert (addition.kind, addition.first_sequence, addition.last_sequence) == (HandoffKind.ADDITION, 1, 1)
    assert (addition.parameters, addition.priority, addition.due_at) == ({"institution": 7}, 0, LATER)
    assert kept.handoffs == ((SP4N, addition.id),)


async def test_each_destination_gets_the_message_its_own_way(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    await claim_all(ledger, worker, replace(report, handoffs=report.handoffs[:1]))

    await add(ledger, a_later_message("wamid.2", report.report.id))

    shapes = {(row.destination, row.kind): row.last_sequence for row in await handoffs_of(ledger)}
    assert shapes == {(SP4N, "report"): 0, (SP4N, "addition"): 1, (MINISTRY, "report"): 1}


async def test_a_handoff_that_was_tried_takes_nobody_along(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.PENDING)

    await add(ledger, a_later_message("wamid.2", report.report.id))

    assert [row.kind for row in await handoffs_of(ledger)] == [HandoffKind.REPORT, HandoffKind.ADDITION]


async def test_messages_of_one_group_take_numbers_one_after_the_other(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    items = [a_later_message(f"wamid.{number}", report.report.id, files=1) for number in range(2, 5)]

    kept = await add(ledger, *items)

    assert [each.sequence for each in kept] == [1, 2, 3]
    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    assert [row.sequence for row in record.messages] == [0, 1, 2, 3]
    assert [row.sequence for row in record.files] == [1, 2, 3]
    assert record.report.messages == 4
    assert record.handoffs[0].last_sequence == 3


async def test_messages_from_two_processes_at_once_never_take_the_same_number(open_ledger: OpenLedger) -> None:
    both = [await open_ledger(), await open_ledger()]
    report = a_report("wamid.1", SP4N)
    await keep(both[0], report)

    kept = await asyncio.gather(
        *(
            add(ledger, *(a_later_message(f"wamid.{place}.{number}", report.report.id) for number in range(10)))
            for place, ledger in enumerate(both)
        )
    )

    assert sorted(each.sequence for mine in kept for each in mine) == list(range(1, 21))


async def test_a_message_that_is_here_is_not_added_again(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await claim_all(ledger, worker, report)
    await add(ledger, a_later_message("wamid.2", report.report.id))

    again = await add(
        ledger,
        a_later_message("wamid.2", report.report.id),
        a_later_message("wamid.2", report.report.id, content="lain"),
        a_later_message("wamid.1", report.report.id, content="jalan rusak"),
    )

    assert [(each.duplicate, each.conflict, each.sequence) for each in again] == [
        (True, False, 1),
        (True, True, 1),
        (True, False, 0),
    ]
    assert await count(ledger, messages) == 2
    assert await count(ledger, handoffs) == 2


async def test_running_again_after_a_commit_adds_nothing(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await claim_all(ledger, worker, report)
    items = [a_later_message("wamid.2", report.report.id, files=1), a_later_message("wamid.2", report.report.id)]
    before = await ledger.write(add_messages, items)

    again = await ledger.write(add_messages, items)

    assert [(each.duplicate, each.sequence) for each in again] == [(each.duplicate, each.sequence) for each in before]
    assert [await count(ledger, table) for table in (messages, files, handoffs)] == [2, 1, 2]


async def test_whoever_counts_on_another_number_is_told_and_nothing_is_written(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)

    kept = await add(
        ledger,
        a_later_message("wamid.2", report.report.id, expected=1, filed=Filed(b"with 2", "aspirasi", 112, "32.76")),
        a_later_message("wamid.3", report.report.id, expected=1, filed=Filed(b"with 3", "aspirasi", None, None)),
    )

    assert [each.stale for each in kept] == [False, True]
    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    kept_of = record.report
    assert (kept_of.messages, kept_of.sealed_report) == (2, b"with 2")
    assert (kept_of.classification, kept_of.category_id, kept_of.region_code) == ("aspirasi", 112, "32.76")


async def test_the_report_keeps_its_seal_when_none_is_given(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await add(ledger, a_later_message("wamid.2", report.report.id))

    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    assert (record.report.sealed_report, record.report.decision) == (b"sealed report", report.report.decision)
    assert record.report.last_message_at == LATER


async def test_a_held_report_goes_out_with_the_message_that_completes_it(ledger: Ledger) -> None:
    report = a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, report)
    await add(ledger, a_later_message("wamid.2", report.report.id))
    completing = replace(
        a_later_message("wamid.3", report.report.id, new_handoffs=(a_handoff(SP4N, at=LATER),)),
        decision={"route": "again"},
    )

    (kept,) = await add(ledger, completing)

    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    (row,) = record.handoffs
    assert (row.kind, row.first_sequence, row.last_sequence) == (HandoffKind.REPORT, 0, 2)
    assert kept.handoffs == ((SP4N, row.id),)
    assert [each.state for each in record.parked] == ["released"]
    assert record.report.decision == {"route": "again"}


async def test_a_message_rides_along_with_the_handoff_that_the_one_before_it_in_the_group_made(
    ledger: Ledger,
) -> None:
    report = a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, report)
    completing = a_later_message("wamid.2", report.report.id, new_handoffs=(a_handoff(SP4N, at=LATER),))

    await add(ledger, completing, a_later_message("wamid.3", report.report.id))

    assert [(row.first_sequence, row.last_sequence) for row in await handoffs_of(ledger)] == [(0, 2)]


async def test_handoffs_that_came_meanwhile_are_not_made_twice(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)

    await add(ledger, a_later_message("wamid.2", report.report.id, new_handoffs=(a_handoff(SP4N, at=LATER),)))

    assert [(row.first_sequence, row.last_sequence) for row in await handoffs_of(ledger)] == [(0, 1)]


async def test_a_destination_whose_handoff_was_cancelled_gets_no_addition(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    await ledger.write(cancel, [report.handoffs[0].id], "ani", "bukan laporan", NOW)

    await add(ledger, a_later_message("wamid.2", report.report.id))

    rows = {row.destination: row for row in await handoffs_of(ledger)}
    assert (rows[SP4N].last_sequence, rows[MINISTRY].last_sequence) == (0, 1)
    assert len(rows) == await count(ledger, handoffs)


async def test_nothing_is_added_to_an_erased_report(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    other = a_report("wamid.2", SP4N)
    await keep(ledger, report, other)
    await ledger.write(erase_report, report.report.id, "ani", NOW)

    results = await asyncio.gather(
        ledger.group(add_messages, a_later_message("wamid.3", report.report.id)),
        ledger.group(add_messages, a_later_message("wamid.4", other.report.id)),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [NotFound, Kept]
    assert await count(ledger, messages) == 3
