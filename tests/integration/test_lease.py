"""Leases on both databases: who is taken for dead, and who is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection
from sqlalchemy.util import await_only

from gateway.lease import Lease
from gateway.ledger import Ledger
from gateway.ledger.workers import beat, living

SECONDS = 6.0
OpenLedger = Callable[..., Awaitable[Ledger]]


class Hand:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Hand:
    return Hand()


async def leased(ledger: Ledger, clock: Hand) -> Lease:
    lease = Lease(ledger, clock, SECONDS)
    await lease.take()
    return lease


async def alive(ledger: Ledger) -> set[object]:
    return {worker.id for worker in await ledger.read(living)}


async def test_a_worker_whose_beats_stand_still_is_fenced_after_a_lease(ledger: Ledger, clock: Hand) -> None:
    one, other = await leased(ledger, clock), await leased(ledger, clock)
    for _ in range(int(SECONDS)):
        await one.fence_the_dead()
        assert await alive(ledger) == {one.worker, other.worker}
        clock.seconds += 1
    await one.fence_the_dead()
    assert await alive(ledger) == {one.worker}


async def test_a_worker_that_beats_is_left_alone(ledger: Ledger, clock: Hand) -> None:
    one, other = await leased(ledger, clock), await leased(ledger, clock)
    for _ in range(20):
        await other.renew()
        await one.fence_the_dead()
        clock.seconds += 1
    assert await alive(ledger) == {one.worker, other.worker}


async def test_who_could_not_look_for_a_lease_takes_nobody_for_dead_at_the_first_look(
    ledger: Ledger, clock: Hand
) -> None:
    one, other = await leased(ledger, clock), await leased(ledger, clock)
    await one.fence_the_dead()
    clock.seconds += 10 * SECONDS  # the ledger was away for both
    await one.fence_the_dead()
    assert await alive(ledger) == {one.worker, other.worker}
    for _ in range(int(SECONDS)):
        clock.seconds += 1
        await one.fence_the_dead()
    assert await alive(ledger) == {one.worker}


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
async def test_a_worker_that_hangs_in_the_middle_of_a_transaction_can_be_fenced(
    open_ledger: OpenLedger, clock: Hand
) -> None:
    theirs, ours = await open_ledger(), await open_ledger()
    one, other = await leased(ours, clock), await leased(theirs, clock)
    hanging, woken = asyncio.Event(), asyncio.Event()

    def beat_and_hang(conn: Connection) -> None:
        beat(conn, other.worker)
        hanging.set()
        await_only(woken.wait())

    frozen = asyncio.create_task(theirs.write(beat_and_hang))
    await hanging.wait()
    for _ in range(int(SECONDS)):
        await one.fence_the_dead()
        clock.seconds += 1
    async with asyncio.timeout(10):
        await one.fence_the_dead()
    assert await alive(ours) == {one.worker}
    woken.set()
    await asyncio.gather(frozen, return_exceptions=True)
