"""The sweeper finds whatever is due, once, and shares its attention among the destinations."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from gateway.ledger import Ledger
from gateway.ledger.claims import due
from gateway.ledger.destinations import pause
from gateway.ledger.intake import add_messages
from gateway.ledger.values import NewHandoff, WorkerRow
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import begin, brought_to, claim_all, end, handoffs, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_later_message, a_report
from tests.integration.ledgers import OpenLedger

LONG_AGO = NOW - timedelta(hours=1)


async def due_ids(ledger: Ledger, *, at: datetime = NOW, again: datetime = LONG_AGO, limit: int = 100) -> list[str]:
    return [f"{destination} {identity}" for destination, identity, _ in await ledger.write(due, at, again, limit)]


def ids_of(*handoffs: NewHandoff) -> list[str]:
    return [f"{handoff.destination} {handoff.id}" for handoff in handoffs]


async def test_what_is_due_is_found_and_marked_as_rung(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report, a_report("wamid.2", SP4N, due_at=LATER))

    assert await due_ids(ledger) == ids_of(*report.handoffs)
    assert [row.rung_at for row in await handoffs(ledger)] == [NOW, None]


async def test_what_was_rung_for_is_not_rung_for_again_soon(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await due_ids(ledger)

    assert await due_ids(ledger, at=LATER, again=NOW) == []
    assert await due_ids(ledger, at=LATER, again=NOW + timedelta(microseconds=1)) == ids_of(*report.handoffs)
    assert await due_ids(ledger, at=LATER, again=NOW + timedelta(microseconds=1)) == []


async def test_intake_that_rings_itself_is_not_doubled(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    object.__setattr__(report.handoffs[0], "rung_at", NOW)
    await keep(ledger, report)

    assert await due_ids(ledger) == []


async def test_a_retry_is_rung_for_when_it_is_due_however_lately_it_was_rung_for(
    ledger: Ledger, worker: WorkerRow
) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    await due_ids(ledger)
    (claimed,) = await claim_all(ledger, worker, report)
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.PENDING)

    assert await due_ids(ledger, at=LATER, again=LONG_AGO) == ids_of(*report.handoffs)


async def test_the_urgent_come_first_then_the_longest_due(ledger: Ledger) -> None:
    old = a_report("wamid.1", SP4N, at=NOW - timedelta(minutes=2))
    new = a_report("wamid.2", SP4N, at=NOW - timedelta(minutes=1))
    urgent = a_report("wamid.3", SP4N, at=NOW, priority=0)
    await keep(ledger, new, urgent, old)

    assert await due_ids(ledger) == ids_of(*urgent.handoffs, *old.handoffs, *new.handoffs)


async def test_no_destination_waits_behind_the_backlog_of_another(ledger: Ledger) -> None:
    backlog = [a_report(f"wamid.{number}", "a-slow-one", at=NOW - timedelta(hours=1)) for number in range(50)]
    report = a_report("wamid.new", SP4N)
    await keep(ledger, *backlog, report)

    found = await due_ids(ledger, limit=10)

    assert len(found) == 10
    assert set(ids_of(*report.handoffs)) <= set(found)


async def test_what_one_destination_leaves_of_its_share_goes_to_the_next(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.a", MINISTRY), *(a_report(f"wamid.{number}", SP4N) for number in range(20)))

    assert len(await due_ids(ledger, limit=10)) == 10


async def test_no_destination_is_rung_for_more_often_than_it_has_room(ledger: Ledger) -> None:
    for number in range(4):
        await keep(ledger, a_report(f"wamid.{number}", SP4N, MINISTRY))

    found = await ledger.write(due, NOW, LONG_AGO, 100, {SP4N: 1})

    assert [one.destination for one in found] == [SP4N]
    assert len(await due_ids(ledger)) == 7


async def test_a_flood_of_one_channel_does_not_starve_the_single_report_of_another(ledger: Ledger) -> None:
    single = a_report("wamid.single", SP4N, channel="web")
    await keep(ledger, *(a_report(f"wamid.{number}", SP4N) for number in range(400)), single)

    first = await ledger.write(due, NOW, LONG_AGO, 5000, {SP4N: 4})

    assert single.handoffs[0].id in [one.id for one in first]
    assert len(first) == 4


async def test_a_flood_that_was_rung_for_and_forgotten_starves_nobody_either(ledger: Ledger) -> None:
    flood = [a_report(f"wamid.{number}", SP4N) for number in range(400)]
    single = a_report("wamid.single", SP4N, channel="web")
    for report in (*flood, single):
        object.__setattr__(report.handoffs[0], "rung_at", NOW)
    await keep(ledger, *flood, single)

    first = await ledger.write(due, LATER, LATER, 5000, {SP4N: 4})

    assert single.handoffs[0].id in [one.id for one in first]


async def test_a_room_for_one_does_not_go_to_the_same_channel_every_time(ledger: Ledger) -> None:
    for number in range(6):
        await keep(
            ledger, *(a_report(f"{channel}.{number}", SP4N, channel=channel) for channel in ("sms", "wa", "web"))
        )
    channels = {row.id: row.channel for row in await handoffs(ledger)}

    seen = set()
    for tick in range(3):
        at = NOW + timedelta(seconds=1, microseconds=tick)
        seen |= {channels[one.id] for one in await ledger.write(due, at, LONG_AGO, 5000, {SP4N: 1})}

    assert seen == {"sms", "wa", "web"}


async def test_emergencies_come_first_whoever_sends_them_and_are_named_as_such(ledger: Ledger) -> None:
    urgent = a_report("wamid.urgent", SP4N, priority=0, at=LATER)
    await keep(ledger, *(a_report(f"wamid.{number}", SP4N, channel="web") for number in range(10)), urgent)

    found = await ledger.write(due, LATER, LONG_AGO, 3)

    assert [one.is_urgent for one in found] == [True, False, False]
    assert found[0].id == urgent.handoffs[0].id


async def test_a_forgotten_emergency_is_rung_for_again_sooner(ledger: Ledger) -> None:
    urgent, usual = a_report("wamid.urgent", SP4N, priority=0), a_report("wamid.usual", SP4N)
    await keep(ledger, urgent, usual)
    await due_ids(ledger)

    found = await ledger.write(due, LATER, NOW, 100, urgent_again_before=LATER)

    assert [one.id for one in found] == [urgent.handoffs[0].id]


async def test_a_destination_may_take_emergencies_only(ledger: Ledger) -> None:
    urgent = a_report("wamid.urgent", SP4N, priority=0)
    await keep(ledger, urgent, a_report("wamid.usual", SP4N, MINISTRY))

    found = await ledger.write(due, NOW, LONG_AGO, 100, urgent_only=[SP4N])

    assert [one.destination for one in found] == [MINISTRY, SP4N]
    assert found[1].id == urgent.handoffs[0].id


async def test_no_bell_rings_for_a_paused_destination(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    await ledger.write(pause, SP4N, "ani", "pemeliharaan", NOW)

    assert [found.split()[0] for found in await due_ids(ledger)] == [MINISTRY]


async def test_no_bell_rings_for_what_is_being_worked_on_or_set_aside(ledger: Ledger, worker: WorkerRow) -> None:
    claimed = a_report("wamid.1", SP4N)
    await keep(ledger, claimed)
    await claim_all(ledger, worker, claimed)
    for number, state in enumerate((HandoffState.PARKED, HandoffState.UNCERTAIN, HandoffState.DELIVERED)):
        await brought_to(ledger, worker, state, a_report(f"wamid.other.{number}", SP4N))

    assert await due_ids(ledger, at=LATER, again=LATER) == []


async def test_no_bell_rings_for_an_addition_before_its_turn(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    kept = await ledger.group(add_messages, a_later_message("wamid.2", report.report.id))
    assert await due_ids(ledger, at=LATER) == []

    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.DELIVERED)

    assert await due_ids(ledger, at=LATER) == [f"{SP4N} {kept.handoffs[0][1]}"]


async def test_two_sweepers_at_once_ring_once(open_ledger: OpenLedger) -> None:
    both = [await open_ledger(), await open_ledger()]
    await keep(both[0], *(a_report(f"wamid.{number}", SP4N, MINISTRY) for number in range(50)))

    found = await asyncio.gather(*(due_ids(ledger) for ledger in both))
    rest = await due_ids(both[0])

    every = [each for share in (*found, rest) for each in share]
    assert len(every) == len(set(every)) == 100
