"""Days pass in a moment: how long a handoff is really tried, and how long a ministry's word is awaited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from adapters.destinations.ministry_rest import simulator as ministry
from adapters.destinations.sftp.simulator import SimulatedDropbox
from adapters.simulator import Book, FaultRule, Simulator
from gateway.app import Gateway, opened, worker_of
from gateway.ledger.values import ReportRecord
from gateway.ledger.views import show_report
from gateway.settings import load_settings
from schemas.handoff import Evidence, HandoffState
from tests.contracts.subjects import FOLDER
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import make_channels, until
from tests.integration.path.test_starting_again import post

SFTP: dict[str, Any] = json.loads((FOLDER / "sftp/fixtures/password.entry.json").read_text("utf-8"))
CONFIG = """\
destinations:
  tujuan:
    adapter: {adapter}
    url: {url}
    private_hosts: [127.0.0.1]
    secrets: {secrets}
    options: {options}
    breaker: {{row: 1000, samples: 1000}}
routes: {{default: [tujuan]}}
"""


class MovedClock:
    """A clock that the test moves on; what is measured on the way is real."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    def move_to(self, moment: datetime) -> None:
        self._ahead += max(moment - self.now(), timedelta())


@asynccontextmanager
async def at_work(folder: Path, clock: MovedClock, **entry: str) -> AsyncIterator[tuple[Gateway, str]]:
    """A gateway with one destination, and the tracking code of a report on its way there."""
    config = folder / "gateway.yaml"
    config.write_text(CONFIG.format(**entry), "utf-8")
    async with AsyncExitStack() as stack:
        there = stack.enter_context(backend(EMBEDDED, folder))
        settings = load_settings(
            config_file=config,
            data_dir=folder / "data",
            database_url=there.database_url,
            gather_seconds=0,
            sweep_interval=0.05,
        )
        gateway = await stack.enter_async_context(opened(settings, clock))
        code = await post(gateway, await make_channels(gateway))
        stop, worker = asyncio.Event(), worker_of(gateway)
        running = asyncio.create_task(worker.run(stop))
        try:
            yield gateway, code
        finally:
            stop.set()
            await running


async def ended(gateway: Gateway, clock: MovedClock, code: str) -> ReportRecord:
    """The report once its handoff has come to an end; whenever it waits, the time comes at once."""

    async def so() -> bool:
        [row] = (await record_of(gateway, code)).handoffs
        if row.state is HandoffState.PENDING and row.owner is None and row.due_at is not None:
            clock.move_to(row.due_at)
        return row.state is not HandoffState.PENDING

    await until(so)
    return await record_of(gateway, code)


async def record_of(gateway: Gateway, code: str) -> ReportRecord:
    found = await gateway.ledger.read(show_report, code)
    assert found is not None
    return found


@asynccontextmanager
async def ministry_with(fault: FaultRule) -> AsyncIterator[tuple[Simulator, dict[str, str]]]:
    """A ministry that fails so, and its entry."""
    simulator = Simulator(ministry.simulated(), book=Book(), faults=(fault,))
    await simulator.start()
    secrets, options = {"signing_secret": ministry.SECRET}, {"path": "/cases"}
    entry = {"adapter": "ministry_rest", "secrets": json.dumps(secrets), "options": json.dumps(options)}
    yield simulator, entry | {"url": simulator.url}
    await simulator.stop()


async def test_unless_told_otherwise_a_handoff_is_tried_for_more_than_three_days(tmp_path: Path) -> None:
    clock = MovedClock()
    full = FaultRule("status", request=1, times=0, status=429)
    async with ministry_with(full) as (_, entry), at_work(tmp_path, clock, **entry) as (gateway, code):
        record = await ended(gateway, clock, code)
    assert (record.handoffs[0].state, record.handoffs[0].reason) == (HandoffState.PARKED, "horizon_reached")
    tried = [attempt.started_at for attempt in record.attempts]
    assert timedelta(hours=76) <= tried[-1] - tried[0] < timedelta(hours=77)
    assert max(later - earlier for earlier, later in pairwise(tried)) < timedelta(hours=8)


@pytest.mark.parametrize(
    ("kind", "status", "requests"), [("status", 410, 1), ("redirect", 302, 2), ("redirect", 308, 2)]
)
async def test_an_end_is_an_end_and_a_redirect_leads_nowhere(
    tmp_path: Path, kind: str, status: int, requests: int
) -> None:
    clock = MovedClock()
    async with ministry_with(FaultRule(kind, request=1, times=1, status=status)) as (simulator, entry):
        async with at_work(tmp_path, clock, **entry) as (gateway, code):
            record = await ended(gateway, clock, code)
        asked = [one.path for one in simulator.requests]
    assert asked == ["/cases"] * requests
    assert len(record.attempts) == requests
    assert record.handoffs[0].state is (HandoffState.PARKED if requests == 1 else HandoffState.DELIVERED)


async def test_a_case_is_dropped_by_sftp_and_the_word_about_it_fetched_later(tmp_path: Path) -> None:
    clock, simulator = MovedClock(), SimulatedDropbox(public_key=SFTP["simulated"]["public_key"])
    await simulator.start()
    await simulator.misbehave("acks_late:times=2")
    entry = {"url": f"{simulator.url}/", "secrets": json.dumps(SFTP["secrets"]), "options": json.dumps(SFTP["options"])}
    async with at_work(tmp_path, clock, adapter="sftp", **entry) as (gateway, code):
        record = await ended(gateway, clock, code)
    [case] = simulator.book.entries
    await simulator.stop()
    [row] = record.handoffs
    assert (row.state, row.evidence, row.reference) == (
        HandoffState.DELIVERED,
        Evidence.REFERENCED,
        case["reference"],
    )
    assert case["tracking_code"] == code
    assert [attempt.step for attempt in record.attempts] == ["drop", "collect", "collect", "collect"]
