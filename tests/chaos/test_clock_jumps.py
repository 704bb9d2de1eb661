"""A clock that jumps by a day, ahead and back: nothing is lost or doubled, and nothing waits for that day to pass.

So it is with the clock of any process: of a worker, of several at once, of one that only takes reports.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, func, select

from adapters.simulator import parse_fault
from gateway.app import Gateway, opened, worker_of
from gateway.clock import FollowingClock
from gateway.ledger.health import count_pending
from gateway.ledger.tables import workers
from gateway.settings import Settings
from gateway.timekeeping import follow_the_ledger, keep_time, put_misdated_right
from gateway.web import api_of
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import submission
from tests.acceptance.processes import LONG, PATIENCE
from tests.fakes.clocks import JumpingClock
from tests.integration.backends import EMBEDDED, PRODUCTION, backend
from tests.integration.installation import Installation, Plan, installation, until

REPORTS, REST = (500, 20 * PATIENCE) if LONG else (6, PATIENCE)
"""So many at a time, and how many seconds all of them may take to come to rest."""
pytestmark = pytest.mark.timeout(3600 if LONG else 300)
JUMPS = (timedelta(days=1), timedelta(days=-1), timedelta())
BUSY = Plan(horizon="76h", ministry_faults=[parse_fault("status:status=503:probability=0.2:seed=3")])
"""Some of the ministry's answers have a handoff wait, by whichever clock there is just then."""


async def jumped_through(it: Installation, jumping: JumpingClock) -> list[str]:
    """Reports before, between and after the jumps; returns their codes. The clock is right at the end."""
    codes = [one["tracking_code"] for one in await it.post(*map(submission, range(REPORTS)))]
    for number, ahead in enumerate(JUMPS, start=1):
        jumping.ahead = ahead
        some = range(number * REPORTS, (number + 1) * REPORTS)
        codes += [one["tracking_code"] for one in await it.post(*map(submission, some))]
    return codes


async def all_delivered_once(it: Installation, codes: list[str]) -> None:
    """Everything comes to rest as it must, with what a worker does every half a minute done more often."""

    async def at_rest() -> bool:
        await put_misdated_right(it.gateway.tools)
        return await it.ledger.read(count_pending, 1) == 0

    await until(at_rest, seconds=REST)
    for code in codes:
        assert {row.state for row in (await it.handoffs(code)).values()} == {HandoffState.DELIVERED}
    assert len(it.simulators.complaints()) == len(it.simulators.cases()) == len(codes) == 4 * REPORTS


async def test_a_worker_goes_by_the_ledgers_clock_when_its_own_jumps(tmp_path: Path) -> None:
    jumping = JumpingClock()
    clock = FollowingClock(jumping)
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, BUSY, clock) as it:
            await all_delivered_once(it, await jumped_through(it, jumping))
            jumping.ahead = timedelta(days=1)
            await follow_the_ledger(it.gateway.tools)
            assert clock.now() < jumping.now() - timedelta(hours=23)


async def test_what_a_wrong_clock_left_behind_is_put_right_once_it_is_right_again(tmp_path: Path) -> None:
    jumping = JumpingClock()
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, BUSY, jumping) as it:
            await all_delivered_once(it, await jumped_through(it, jumping))


@dataclass
class Process:
    """One more process at the same ledger, with a clock of its own."""

    gateway: Gateway
    jumping: JumpingClock
    api: httpx.AsyncClient


@asynccontextmanager
async def another(settings: Settings, *, works: bool) -> AsyncIterator[Process]:
    """A worker, or a process that only takes reports, as `serve --no-worker` does."""
    jumping, stop = JumpingClock(), asyncio.Event()
    async with opened(settings, FollowingClock(jumping)) as gateway:
        worker = worker_of(gateway) if works else None
        if worker is None:
            gateway.doorbell.start()
        beside = worker.run(stop) if worker else keep_time(gateway.tools, stop, gateway.history.look)
        running = asyncio.create_task(beside)
        transport = httpx.ASGITransport(app=api_of(gateway, worker), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as api:
            try:
                yield Process(gateway, jumping, api)
            finally:
                stop.set()
                await running


def fenced(conn: Connection) -> int:
    """How many workers were taken for dead."""
    return conn.execute(select(func.count()).where(workers.c.reaped_at.is_not(None))).scalar_one()


@pytest.mark.postgresql
@pytest.mark.rabbitmq
async def test_the_clocks_of_several_processes_jump_and_nobody_is_taken_for_dead(tmp_path: Path) -> None:
    first = JumpingClock()
    with backend(PRODUCTION, tmp_path) as place:
        async with (
            installation(tmp_path, place, BUSY, FollowingClock(first)) as it,
            another(it.gateway.settings, works=True) as second,
            another(it.gateway.settings, works=False) as intake,
        ):
            front = Installation(intake.gateway, it.simulators, intake.api, it.key)
            codes = [one["tracking_code"] for one in await front.post(*map(submission, range(REPORTS)))]
            for number, day in enumerate(JUMPS, start=1):
                first.ahead, second.jumping.ahead, intake.jumping.ahead = day, -day, day
                some = range(number * REPORTS, (number + 1) * REPORTS)
                codes += [one["tracking_code"] for one in await front.post(*map(submission, some))]
                received = (await it.record(codes[-1])).report.received_at
                assert abs(received - datetime.now(UTC)) < timedelta(hours=1)  # nothing is misdated, not even at first
            await all_delivered_once(it, codes)
            assert await it.ledger.read(fenced) == 0
