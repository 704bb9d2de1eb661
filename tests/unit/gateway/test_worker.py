"""A worker goes on whatever the ledger does, and says so when a part of it cannot."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import pytest

from gateway.clock import SystemClock
from gateway.conduct import Conduct
from gateway.failpoints import no_failpoint
from gateway.gate import Gate
from gateway.lease import Lease
from gateway.ledger import Ledger
from gateway.ledger.gates import Around
from gateway.ledger.rows import GateRow
from gateway.line import Line, Tools
from gateway.metrics import Metrics
from gateway.pace import Pace
from gateway.queue import Doorbell, Ticket
from gateway.retry import RetryPolicy
from gateway.sentinel import Sentinel
from gateway.worker import Rhythm, Worker
from schemas.errors import Fenced, LedgerUnavailable
from tests.fakes.destination import FakeDestination

SP4N = "sp4n"
QUICK = Rhythm(beat=0.01, sweep=0.01, checkpoint=0.01, measure=0.01, grace=5)


class StubbornLedger:
    """Answers each function as the test says; what is not said is answered with nothing."""

    def __init__(self, **answers: Callable[[int], Any]) -> None:
        self._answers = answers
        self.calls: Counter[str] = Counter()
        self.workers: list[UUID] = []

    async def write(self, function: Callable[..., Any], *args: Any, **_: Any) -> Any:
        name = function.__name__
        self.calls[name] += 1
        if name == "claim_each":
            self.workers.append(args[0].worker)
        nothing = Around(frozenset(), ()) if name == "look_around" else []
        answer = self._answers.get(name, lambda _: nothing)
        return answer(self.calls[name])

    read = group = write


class Ear:
    """A doorbell that the test rings."""

    def __init__(self) -> None:
        self.listener: Callable[[Ticket], None] = lambda _: None
        self.rung: list[tuple[str, tuple[UUID, ...]]] = []

    def ring(self, destination: str, ids: tuple[UUID, ...]) -> None:
        self.rung.append((destination, ids))

    def start(self, listener: Callable[[Ticket], None]) -> None:
        self.listener = listener


async def nothing() -> None:
    pass


def a_worker(ledger: StubbornLedger, ear: Ear, sign: Callable[[], Any] = nothing) -> Worker:
    real, clock = cast(Ledger, ledger), SystemClock()
    pace = Pace(0, clock.monotonic)
    gate = Gate(Conduct(), 2, clock)
    line = Line(FakeDestination(SP4N), RetryPolicy(), False, 2, pace, gate, Conduct(), Sentinel(Conduct().drift))
    nowhere = cast(Any, None)
    tools = Tools(real, nowhere, nowhere, clock, Metrics(), random.random, no_failpoint)
    return Worker(
        lines={SP4N: line},
        tools=tools,
        doorbell=cast(Doorbell, ear),
        lease=Lease(real, clock, 6),
        rhythm=QUICK,
        sign=sign,
        measure=nothing,
    )


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(worker.run(stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - any condition, no event
            await asyncio.sleep(0.001)


def raising(error: Exception) -> Any:
    raise error


async def test_a_lane_goes_on_when_its_worker_was_fenced_and_the_ledger_then_went_away() -> None:
    ledger = StubbornLedger(
        claim_each=lambda call: raising(Fenced()) if call == 1 else [],
        register=lambda call: raising(LedgerUnavailable("restarting")) if call == 2 else None,
        beat=lambda _: len(ledger.workers) != 1,
    )
    ear = Ear()
    async with running(a_worker(ledger, ear)):
        await until(lambda: ledger.calls["register"] == 1)

        def claimed_again() -> bool:
            ear.listener({SP4N: [UUID(int=1)]})
            return len(set(ledger.workers)) == 2

        await until(claimed_again)
        assert ledger.calls["register"] == 3


def others(count: int) -> Around:
    """Workers that came before and find the destination well."""
    now = datetime.now(UTC)
    return Around(frozenset(), tuple(GateRow(UUID(int=one), SP4N, "open", 1, None, now) for one in range(1, count + 1)))


async def test_a_ticket_that_comes_to_a_worker_without_a_call_of_its_own_is_rung_for_again() -> None:
    company = [others(2)]
    ledger = StubbornLedger(beat=lambda _: True, look_around=lambda _: company[0])
    ear, ids = Ear(), (UUID(int=8), UUID(int=9))
    async with running(a_worker(ledger, ear)):
        await until(lambda: ledger.calls["look_around"] > 1)
        ear.listener({SP4N: ids})
        await until(lambda: ear.rung == [(SP4N, ids)])
        assert ledger.calls["claim_each"] == 0
        company[0] = others(1)
        seen = ledger.calls["look_around"]
        await until(lambda: ledger.calls["look_around"] > seen + 1)
        ear.listener({SP4N: ids})
        await until(lambda: ledger.calls["claim_each"] > 0)
        assert len(ear.rung) == 1


async def test_what_is_still_in_its_hands_at_the_end_is_given_back() -> None:
    held = [UUID(int=7)]
    ledger = StubbornLedger(owned_by=lambda _: held, beat=lambda _: True)
    async with running(a_worker(ledger, Ear())):
        await until(lambda: ledger.calls["beat"] > 1)
    assert ledger.calls["release"] == 1
    assert ledger.calls["leave"] == 1


async def test_a_part_that_broke_ends_the_worker_with_its_error() -> None:
    async def broken() -> None:
        raise asyncio.CancelledError

    async with running(a_worker(StubbornLedger(beat=lambda _: True), Ear(), sign=broken)) as task:
        with pytest.raises(RuntimeError, match="sign"):
            async with asyncio.timeout(5):
                await asyncio.shield(task)
