"""A destination is down for 72 hours with everything waiting for it: it gets all of it, once, without a stampede.

Short form: 300 handoffs. SP4N_TEST_LONG=1: 100,000.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, func, select

from adapters.destinations.ministry_rest import simulator as ministry
from adapters.simulator import Book, Simulator, parse_fault
from gateway.app import Gateway, api_of, opened, worker_of
from gateway.ledger.tables import attempts, handoffs
from gateway.settings import load_settings
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import submission
from tests.acceptance.processes import LONG
from tests.fakes.clocks import JumpingClock
from tests.integration.installation import make_channels, until

REPORTS, RATE = (100_000, 500) if LONG else (300, 250)
STEP = timedelta(hours=1 if LONG else 6)
OUTAGE, LONGEST_WAIT = timedelta(hours=72), timedelta(hours=6)
AT_ONCE = 8
POSTED_AT_ONCE = 100

CONFIG = f"""\
destinations:
  dinas:
    adapter: ministry_rest
    url: {{url}}
    private_hosts: [127.0.0.1]
    secrets: {{{{signing_secret: {ministry.SECRET}}}}}
    options: {{{{path: /cases}}}}
    limits: {{{{concurrency: {AT_ONCE}, rate: {RATE}/s}}}}
    breaker: {{{{pause: 500ms, longest: 500ms}}}}
routes:
  default: [dinas]
"""


@dataclass
class Waiting:
    """A gateway whose clock is ours, and a destination that is down."""

    gateway: Gateway
    clock: JumpingClock
    simulator: Simulator
    api: httpx.AsyncClient
    key: str

    async def post(self, numbers: range) -> list[str]:
        """Post reports; their codes."""
        headers = {"authorization": f"Bearer {self.key}"}
        answer = await self.api.post("/v1/reports", json=list(map(submission, numbers)), headers=headers)
        assert answer.status_code == 202, answer.text
        return [one["tracking_code"] for one in answer.json()]

    async def tried(self) -> int:
        """How many attempts there were."""
        return await self.gateway.ledger.read(_count_attempts)

    async def pass_time(self, step: timedelta) -> None:
        """Let time pass, and the worker notice it: the destination is tried again, as a probe or because it is due."""
        before = await self.tried()
        self.clock.ahead += step

        async def noticed() -> bool:
            return await self.tried() > before

        await until(noticed)


def _count_attempts(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(attempts)).scalar_one()


def _waiting(conn: Connection, now: datetime) -> tuple[int, int]:
    """How many are pending, and how many of them are due or in hand."""
    pending = select(func.count()).select_from(handoffs).where(handoffs.c.state == HandoffState.PENDING)
    at_work = pending.where((handoffs.c.due_at <= now) | handoffs.c.owner.is_not(None))
    return conn.execute(pending).scalar_one(), conn.execute(at_work).scalar_one()


@asynccontextmanager
async def down(folder: Path) -> AsyncIterator[Waiting]:
    async with AsyncExitStack() as stack:
        clock = JumpingClock()
        simulator = Simulator(ministry.simulated(now=clock.now), book=Book(), faults=[parse_fault("refused:times=0")])
        await simulator.start()
        stack.push_async_callback(simulator.stop)
        (folder / "gateway.yaml").write_text(CONFIG.format(url=simulator.url))
        settings = load_settings(
            config_file=folder / "gateway.yaml",
            data_dir=folder / "data",
            sweep_interval=0.05,
            checkpoint_interval=1,
        )
        gateway = await stack.enter_async_context(opened(settings, clock))
        key = await make_channels(gateway)
        worker, stop = worker_of(gateway), asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        transport = httpx.ASGITransport(app=api_of(gateway, worker), raise_app_exceptions=False)
        api = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://gateway"))
        try:
            yield Waiting(gateway, clock, simulator, api, key)
        finally:
            stop.set()
            await running


@pytest.mark.timeout(7200 if LONG else 300)
async def test_after_72_hours_everything_is_delivered_once_and_nothing_is_tried_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with down(tmp_path) as it:
        codes: list[str] = []
        for first in range(0, REPORTS, POSTED_AT_ONCE):
            codes += await it.post(range(first, first + POSTED_AT_ONCE))
        while it.clock.ahead < OUTAGE:
            await it.pass_time(STEP)
        in_vain = await it.tried()
        await it.simulator.set_faults([])
        await drained(it)
        book = it.simulator.book.of("case")
        assert len(it.simulator.requests) == REPORTS  # nothing was asked twice, nothing was tried in haste
        assert Counter(entry["tracking_code"] for entry in book) == Counter(codes)
        assert await it.gateway.ledger.read(_waiting, it.clock.now()) == (0, 0)
        order = {code: place for place, code in enumerate(codes)}
        came = [order[entry["tracking_code"]] for entry in book]
        with capsys.disabled():
            sys.stdout.write(told(in_vain, book, came))


async def drained(it: Waiting) -> None:
    """Wait until all is delivered; when only what failed before is left, let its wait pass."""
    while True:

        async def nothing_to_do() -> bool:
            return (await it.gateway.ledger.read(_waiting, it.clock.now()))[1] == 0

        await until(nothing_to_do, seconds=3600)
        pending, _ = await it.gateway.ledger.read(_waiting, it.clock.now())
        if not pending:
            return
        it.clock.ahead += LONGEST_WAIT


def told(in_vain: int, book: list[dict[str, str]], came: list[int]) -> str:
    """How it drained. What had to wait for its own next try is left out of the time: hours passed for it."""
    at = [datetime.fromisoformat(entry["received_at"]) for entry in book]
    most = max(Counter(one.replace(microsecond=0) for one in at).values())
    moved = statistics.median(abs(place - number) for place, number in enumerate(came))
    return (
        f"\n{len(book)} handoffs after 72 hours: {in_vain} attempts in vain, then at most {most} a second; "
        f"half of them came within {moved:g} places of their age\n"
    )
