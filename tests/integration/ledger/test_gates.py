"""How workers find their destinations is there for people to see, as long as the workers live."""

from __future__ import annotations

from gateway.ledger import Ledger
from gateway.ledger.gates import list_gates, look_around, show_gates
from gateway.ledger.values import GateRow, WorkerRow
from gateway.ledger.workers import fence, register
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_worker


async def test_what_a_worker_finds_takes_the_place_of_what_it_found_before(ledger: Ledger, worker: WorkerRow) -> None:
    shut = GateRow(worker.id, SP4N, "breaker open", 1, None, NOW)
    well = GateRow(worker.id, SP4N, "open", 8, None, LATER)
    closed = GateRow(worker.id, MINISTRY, "outside hours", 8, LATER, LATER)
    await ledger.write(show_gates, worker.id, [shut])
    await ledger.write(show_gates, worker.id, [well, closed])

    assert await ledger.read(list_gates) == [closed, well]


async def test_of_other_destinations_nothing_changes_and_what_is_gone_is_forgotten(
    ledger: Ledger, worker: WorkerRow
) -> None:
    well = GateRow(worker.id, SP4N, "open", 8, None, NOW)
    closed = GateRow(worker.id, MINISTRY, "outside hours", 8, LATER, NOW)
    opened = GateRow(worker.id, MINISTRY, "open", 4, None, LATER)
    await ledger.write(show_gates, worker.id, [well, closed])
    await ledger.write(show_gates, worker.id, [opened])

    assert await ledger.read(list_gates) == [opened, well]
    await ledger.write(show_gates, worker.id, [], [SP4N])
    assert await ledger.read(list_gates) == [opened]


async def test_a_worker_that_looks_around_sees_the_others(ledger: Ledger, worker: WorkerRow) -> None:
    other = a_worker()
    await ledger.write(register, other)
    theirs = GateRow(other.id, SP4N, "breaker open", 1, None, NOW, 1)
    await ledger.write(show_gates, worker.id, [GateRow(worker.id, SP4N, "open", 8, None, NOW)])
    await ledger.write(show_gates, other.id, [theirs])

    assert (await ledger.read(look_around, worker.id)).gates == (theirs,)


async def test_what_a_dead_worker_found_is_not_shown_and_then_forgotten(ledger: Ledger, worker: WorkerRow) -> None:
    other = a_worker()
    await ledger.write(register, other)
    await ledger.write(show_gates, other.id, [GateRow(other.id, SP4N, "breaker open", 1, None, NOW)])
    await ledger.write(fence, other.id, LATER)

    assert await ledger.read(list_gates) == []
    await ledger.write(show_gates, worker.id, [])
    assert await ledger.read(list_gates) == []
