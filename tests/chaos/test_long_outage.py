"""A destination is down for 72 hours with everything waiting for it: it gets all of it, once, without a stampede.

The urgent first, then the old, at the set rate. Short form: 300 handoffs. SP4N_TEST_LONG=1: 100,000.
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
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, func, select

from adapters.destinations.ministry_rest import simulator as ministry
from adapters.simulator import Book, Simulator, parse_fault
from gateway.app import Gateway, opened, worker_of
from gateway.ledger.health import count_pending
from gateway.ledger.tables import attempts
from gateway.settings import load_settings
from gateway.web import api_of
from tests.acceptance.channel_service import submission
from tests.acceptance.processes import LONG
from tests.fakes.clocks import JumpingClock
from tests.integration.installation import make_channels, until

REPORTS, RATE = 100_000 if LONG else 300, 60
STEP = timedelta(hours=1 if LONG else 6)
OUTAGE = timedelta(hours=72)
AT_ONCE = 8 if LONG else 2
AT_HAND = 48 * AT_ONCE
"""So many handoffs a worker keeps at hand, in the order in which it was told of them while the destination was down."""
POSTED_AT_ONCE = 100
URGENT_EVERY = 10
EMERGENCY = "Kebakaran di rumah warga Cibiru, ada korban yang terjebak, tolong segera kirim bantuan. Laporan ke-{}."

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
        answer = await self.api.post("/v1/reports", json=list(map(report_of, numbers)), headers=headers)
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


def is_urgent(number: int) -> bool:
    """Whether a report is an emergency: some of every age."""
    return number % URGENT_EVERY == URGENT_EVERY - 1


def report_of(number: int) -> dict[str, Any]:
    report = submission(number)
    return {**report, "content": EMERGENCY.format(number)} if is_urgent(number) else report


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
async def test_after_72_hours_everything_comes_once_the_urgent_and_the_old_first_at_the_set_rate(
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
        drain = Drain.of(codes, book)
        assert drain.most_in_a_second <= RATE + AT_ONCE
        assert max(drain.urgent.values()) < REPORTS // 2
        oldest, newest = drain.usual_of_age(0.0, 0.1), drain.usual_of_age(0.9, 1.0)
        assert max(oldest) < REPORTS // URGENT_EVERY + REPORTS // 10 + AT_HAND  # only these came before or among them
        assert statistics.median(newest) > statistics.median(drain.usual_of_age(0.0, 1.0)) > statistics.median(oldest)
        with capsys.disabled():
            sys.stdout.write(drain.told(in_vain))


async def drained(it: Waiting) -> None:
    """Wait until all is delivered. No time passes by our clock: what failed in the outage is not left waiting."""

    async def nothing_waits() -> bool:
        return await it.gateway.ledger.read(count_pending, 1) == 0

    await until(nothing_waits, seconds=7200)


@dataclass(frozen=True)
class Drain:
    """How it drained: the place in which each came, by its place in age; emergencies and all others."""

    urgent: dict[int, int]
    usual: dict[int, int]
    at: list[datetime]

    @staticmethod
    def of(codes: list[str], book: list[dict[str, str]]) -> Drain:
        age = {code: number for number, code in enumerate(codes)}
        came = {age[entry["tracking_code"]]: place for place, entry in enumerate(book)}
        urgent = {number: place for number, place in came.items() if is_urgent(number)}
        usual = {number: place for number, place in came.items() if not is_urgent(number)}
        return Drain(urgent, usual, [datetime.fromisoformat(entry["received_at"]) for entry in book])

    @property
    def most_in_a_second(self) -> int:
        return max(Counter(one.replace(microsecond=0) for one in self.at).values())

    def usual_of_age(self, oldest: float, youngest: float) -> list[int]:
        """The places in which those came that stand between these shares of the line."""
        return [place for number, place in self.usual.items() if oldest <= number / REPORTS < youngest]

    def told(self, in_vain: int) -> str:
        seconds = (self.at[-1] - self.at[0]).total_seconds()
        return (
            f"\n{len(self.at)} handoffs after 72 hours without their destination: {in_vain} attempts in vain\n"
            f"  drained in {seconds:.1f} s, at most {self.most_in_a_second} in a second (set: {RATE}/s)\n"
            "             handoffs   first came   last came   half within so many places of their age\n"
            + self._row("emergencies", self.urgent)
            + self._row("others", self.usual)
        )

    @staticmethod
    def _row(name: str, came: dict[int, int]) -> str:
        best = {number: place for place, number in enumerate(sorted(came))}
        first = min(came.values())
        moved = statistics.median(abs(place - first - best[number]) for number, place in came.items())
        return f"  {name:<11}{len(came):>8}{first + 1:>13}{max(came.values()) + 1:>12}{moved:>12g}\n"
