"""Several workers at one destination: together they keep its limits, and one breaker's finding holds them all."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.breaker import BreakerPolicy, BreakerState
from gateway.conduct import Conduct
from gateway.gate import Gate
from gateway.ledger import Ledger
from gateway.ledger.workers import fence, register
from gateway.line import Line
from gateway.metrics import Metrics
from gateway.pace import Pace
from gateway.retry import RetryPolicy
from gateway.sentinel import Sentinel
from gateway.vital import Sign
from gateway.watch import Watch
from tests.fakes.destination import FakeDestination
from tests.integration.ledger.making import NOW, a_worker
from tests.unit.gateway.test_gate import HandClock

PLACE, USUAL, CONCURRENCY, APART, INTERVAL = "kemenkes", 1, 9, 0.1, 1.0
CONDUCT = Conduct(breaker=BreakerPolicy(row=3, pause=5.0, probes=2))


@dataclass
class Hand:
    """One of the workers: its row in the ledger, its line to the destination, its watch."""

    ledger: Ledger
    clock: HandClock

    def __post_init__(self) -> None:
        self.row = a_worker()
        self.gate, self.pace = Gate(CONDUCT, CONCURRENCY, self.clock), Pace(APART, self.clock.monotonic)
        destination = FakeDestination(PLACE)
        sentinel = Sentinel(CONDUCT.drift)
        line = Line(destination, RetryPolicy(), False, CONCURRENCY, self.pace, self.gate, CONDUCT, sentinel)
        self.watch = Watch({PLACE: line}, self.ledger, Metrics(), self.clock, INTERVAL)

    async def look(self) -> None:
        await self.watch.look(self.row.id)

    def call(self, sign: Sign) -> None:
        leave = self.gate.enter(USUAL)
        assert leave is not None
        self.gate.leave(leave, sign, 0.1)


@dataclass
class Crew:
    """The workers of one installation."""

    ledger: Ledger
    clock: HandClock

    async def hire(self) -> Hand:
        hand = Hand(self.ledger, self.clock)
        await self.ledger.write(register, hand.row)
        await hand.look()
        return hand

    async def fails(self, hand: Hand) -> None:
        """Nobody answers one of them: its breaker opens, and it says so."""
        for _ in range(3):
            hand.call(Sign.UNREACHABLE)
        await hand.look()


class Sleepers:
    """Whoever sleeps, until the test moves the clock past their time."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []
        self._yield = asyncio.sleep

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self._waiting.append((self._clock.monotonic() + seconds, woken))
        await woken

    async def pass_a_second(self) -> None:
        end = self._clock.monotonic() + 1.0
        await self._let_run()
        while due := sorted((at, id(woken), woken) for at, woken in self._waiting if at < end):
            at, _, woken = due[0]
            self._waiting = [each for each in self._waiting if each[1] is not woken]
            self._clock.move(max(0.0, at - self._clock.monotonic()))
            woken.set_result(None)
            await self._let_run()
        self._clock.move(end - self._clock.monotonic())

    async def _let_run(self) -> None:
        for _ in range(5):
            await self._yield(0)


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    ledger = await Ledger.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    await ledger.migrate()
    yield Crew(ledger, HandClock())
    await ledger.close()


async def test_together_they_have_the_calls_at_once_that_one_had(crew: Crew) -> None:
    one = await crew.hire()
    assert one.gate.slots() == CONCURRENCY
    other = await crew.hire()
    await one.look()
    assert sorted([one.gate.slots(), other.gate.slots()]) == [4, 5]
    await crew.ledger.write(fence, other.row.id, NOW)
    await one.look()
    assert one.gate.slots() == CONCURRENCY


async def test_together_they_keep_the_rate_even_while_one_more_begins(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Sleepers(crew.clock)
    monkeypatch.setattr(asyncio, "sleep", time.sleep)
    made: list[float] = []

    async def work(hand: Hand) -> None:
        while True:
            await hand.pace.turn()
            made.append(crew.clock.monotonic())

    hands: list[Hand] = []
    async with asyncio.TaskGroup() as tasks:
        working = []
        for second in range(20):
            for hand in hands:
                await hand.look()
            if second in (0, 7, 12):  # the others learn of it a second later
                hands.append(await crew.hire())
                working.append(tasks.create_task(work(hands[-1])))
            await time.pass_a_second()
        for task in working:
            task.cancel()
    seconds = Counter(int(at) for at in made)
    assert (
        max(seconds[each] + seconds[each + 1] for each in range(20)) <= 2 / APART + 3
    )  # one more for each at a border
    assert len(made) >= 0.9 * 20 / APART


async def test_where_one_finds_nobody_the_others_wait_until_its_probe_goes_well(crew: Crew) -> None:
    one, other = await crew.hire(), await crew.hire()
    await one.look()
    await crew.fails(one)
    await other.look()
    assert (other.gate.slots(), other.gate.enter(USUAL), other.gate.view().state) == (0, None, "held by a breaker")
    crew.clock.move(5)
    await other.look()
    assert other.gate.is_shut(USUAL)
    assert one.gate.slots() == 2
    one.call(Sign.WELL)
    await one.look()
    await other.look()
    assert (other.gate.slots(), other.gate.view().state) == (4, "open")


async def test_of_two_that_both_found_nobody_one_probes_and_opens_for_both(crew: Crew) -> None:
    both = [await crew.hire(), await crew.hire()]
    await both[0].look()
    for hand in both:
        for _ in range(3):
            hand.call(Sign.UNREACHABLE)
    for _ in range(2):
        for hand in both:
            await hand.look()
    crew.clock.move(5)
    [probing] = [hand for hand in both if hand.gate.slots()]
    probing.call(Sign.WELL)
    for hand in (probing, *both):
        await hand.look()
    assert [hand.gate.breaker_state for hand in both] == [BreakerState.CLOSED] * 2
    assert sum(hand.gate.slots() for hand in both) == CONCURRENCY


async def test_when_the_one_that_probes_dies_the_others_go_on_and_see_for_themselves(crew: Crew) -> None:
    one, other = await crew.hire(), await crew.hire()
    await crew.fails(one)
    await other.look()
    assert other.gate.is_shut(USUAL)
    await crew.ledger.write(fence, one.row.id, NOW)
    await other.look()
    assert not other.gate.is_shut(USUAL)
