"""How much of one destination's work is under way at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import UUID

import pytest

from gateway.lane import Lane


def ids(count: int, start: int = 0) -> list[UUID]:
    return [UUID(int=number) for number in range(start, start + count)]


class Desk:
    """Claims whatever it is asked for and works until it is let go."""

    def __init__(self) -> None:
        self.claims: list[list[UUID]] = []
        self.begun: list[UUID] = []
        self.most_at_once = 0
        self._at_once = 0
        self.go = asyncio.Event()

    async def claim(self, destination: str, wanted: list[UUID]) -> list[SimpleNamespace]:
        self.claims.append(wanted)
        return [SimpleNamespace(handoff=SimpleNamespace(id=identity)) for identity in wanted]

    async def work(self, claimed: SimpleNamespace) -> None:
        self.begun.append(claimed.handoff.id)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await self.go.wait()
        finally:
            self._at_once -= 1


@asynccontextmanager
async def running(desk: Desk, concurrency: int) -> AsyncIterator[Lane]:
    lane = Lane("sp4n", lambda: concurrency, desk.claim, desk.work)  # type: ignore[arg-type]
    task = asyncio.create_task(lane.run())
    try:
        yield lane
    finally:
        task.cancel()
        lane.abandon()
        await asyncio.gather(task, lane.finished(), return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - any condition, no event
            await asyncio.sleep(0)


async def test_no_more_than_the_limit_is_under_way_and_a_little_more_is_claimed() -> None:
    desk = Desk()
    async with running(desk, 4) as lane:
        lane.offer(ids(40))
        await until(lambda: len(desk.begun) == 4)
        assert len(lane.in_hand) == 8
        desk.go.set()
        await until(lambda: len(desk.begun) == 40)
        assert desk.most_at_once == 4
        assert sorted(desk.begun) == ids(40)


async def test_a_handoff_that_is_rung_for_twice_is_claimed_once() -> None:
    desk = Desk()
    async with running(desk, 4) as lane:
        lane.offer(ids(2))
        lane.offer(ids(2))
        await until(lambda: len(desk.begun) == 2)
        lane.offer(ids(2))
        desk.go.set()
        await until(lambda: not lane.in_hand)
        assert desk.begun == ids(2)


async def test_what_there_is_no_room_for_is_left_to_the_sweeper_which_has_room_of_its_own() -> None:
    desk = Desk()
    lane = Lane("sp4n", lambda: 2, desk.claim, desk.work)  # type: ignore[arg-type]
    room = lane.room
    lane.offer(ids(room + 50))
    left = lane.room
    assert 0 < left < room
    lane.offer(ids(50, room + 50))
    assert lane.room == left
    lane.sweep(ids(left, 1000))
    assert lane.room == 0


async def test_an_emergency_overtakes_all_that_waits() -> None:
    desk = Desk()
    desk.go.set()
    async with running(desk, 1) as lane:
        lane.offer(ids(20))
        lane.sweep(ids(1, 100), urgent=True)
        await until(lambda: len(desk.begun) == 21)
        assert desk.begun[0] == UUID(int=100)


class Slots:
    """A number of slots that the test changes."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self) -> int:
        return self.number


@asynccontextmanager
async def with_slots(desk: Desk, slots: Slots) -> AsyncIterator[Lane]:
    lane = Lane("sp4n", slots, desk.claim, desk.work)  # type: ignore[arg-type]
    task = asyncio.create_task(lane.run())
    try:
        yield lane
    finally:
        task.cancel()
        lane.abandon()
        await asyncio.gather(task, lane.finished(), return_exceptions=True)


async def test_without_slots_nothing_is_claimed_until_there_are_some_again() -> None:
    desk, slots = Desk(), Slots(2)
    async with with_slots(desk, slots) as lane:
        slots.number = 2
        lane.offer(ids(8))
        await until(lambda: len(desk.begun) == 2)
        slots.number = 0
        assert lane.room == 0
        desk.go.set()
        await until(lambda: not lane.in_hand)
        assert len(desk.begun) == 4
        slots.number = 4
        lane.wake()
        await until(lambda: len(desk.begun) == 8)


async def test_fewer_slots_hold_from_the_next_handoff_on() -> None:
    desk, slots = Desk(), Slots(4)
    desk.go.set()
    async with with_slots(desk, slots) as lane:
        lane.offer(ids(4))
        await until(lambda: not lane.in_hand and len(desk.begun) == 4)
        desk.go.clear()
        slots.number, desk.most_at_once = 1, 0
        lane.offer(ids(4, 10))
        await until(lambda: len(desk.begun) == 5)
        desk.go.set()
        await until(lambda: len(desk.begun) == 8)
        assert desk.most_at_once == 1


async def test_a_closed_lane_claims_nothing_and_finishes_what_it_has() -> None:
    desk = Desk()
    async with running(desk, 2) as lane:
        lane.offer(ids(10))
        await until(lambda: len(desk.begun) == 2)
        claims = len(desk.claims)
        held = lane.close()
        assert len(held) == 4
        desk.go.set()
        await lane.finished()
        assert len(desk.claims) == claims
        assert sorted(desk.begun) == ids(4)


class SlowDesk(Desk):
    """Its claims take until `answered` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = asyncio.Event()

    async def claim(self, destination: str, wanted: list[UUID]) -> list[SimpleNamespace]:
        claimed = await super().claim(destination, wanted)
        await self.answered.wait()
        return claimed


async def test_what_was_being_claimed_when_the_lane_closed_is_worked_on_and_then_the_lane_ends() -> None:
    desk = SlowDesk()
    desk.go.set()
    lane = Lane("sp4n", lambda: 2, desk.claim, desk.work)  # type: ignore[arg-type]
    task = asyncio.create_task(lane.run())
    lane.offer(ids(2))
    await until(lambda: len(desk.claims) == 1)
    lane.close()
    desk.answered.set()
    async with asyncio.timeout(5):
        await task
        await lane.finished()
    assert sorted(desk.begun) == ids(2)


async def test_abandoned_work_is_cancelled() -> None:
    desk = Desk()
    async with running(desk, 2) as lane:
        lane.offer(ids(2))
        await until(lambda: len(desk.begun) == 2)
        lane.close()
        lane.abandon()
        async with asyncio.timeout(5):
            await lane.finished()
        assert lane.in_hand == frozenset()


@pytest.mark.parametrize("concurrency", [1, 2, 3, 8])
async def test_every_handoff_is_worked_on_whatever_the_limit(concurrency: int) -> None:
    desk = Desk()
    desk.go.set()
    async with running(desk, concurrency) as lane:
        for start in range(0, 21, 3):
            lane.offer(ids(3, start))
            await asyncio.sleep(0)
        await until(lambda: len(desk.begun) == 21)
        assert sorted(desk.begun) == ids(21)
