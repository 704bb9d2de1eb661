"""A process that is told to stop finishes what it has in hand, and leaves nothing that anybody must wonder about."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from gateway.settings import variable
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import SERVE, UNHURRIED, WORKER, Running, Site, site, until
from tests.acceptance.promises import Ledgerful, broken_promises, look, settled
from tests.acceptance.slow_sp4n import slow_sp4n
from tests.integration.backends import BOTH, EMBEDDED, Backend, backend, throw_away_database
from tests.integration.installation import Plan

REPORTS = 150
AT_ONCE = 8
WAYS = {
    "SIGTERM": (signal.SIGTERM,),
    "SIGTERM twice": (signal.SIGTERM, signal.SIGTERM),
    "Ctrl-C": (signal.SIGINT,),
}


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    with backend(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Backend]:
    with backend(EMBEDDED, tmp_path) as made:
        yield made


@pytest.mark.parametrize("way", WAYS)
async def test_under_load_it_leaves_in_order_and_the_next_one_goes_on(tmp_path: Path, place: Backend, way: str) -> None:
    async with site(tmp_path, place, UNHURRIED) as it, ChannelService(it) as channel:
        running = await it.open()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(channel.hand_in_all(map(submission, range(REPORTS)), AT_ONCE))
            await until(partial(_has_kept, channel, REPORTS // 3))
            it.address = None
            assert await _told(running, way) == 0
            left = await look(it)
            await it.open()
        assert _nothing_hangs(left) == []
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert len(seen.in_state(HandoffState.DELIVERED)) == 2 * REPORTS


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_under_way_is_waited_for(tmp_path: Path, embedded: Backend, way: str) -> None:
    async with (
        site(tmp_path, embedded, Plan(read="60s", total="60s", settings={"grace": 60})) as it,
        ChannelService(it) as channel,
        slow_sp4n(it) as wire,
    ):
        running = await it.open()
        await channel.hand_in_all(map(submission, range(AT_ONCE)), AT_ONCE)
        await until(partial(_complaints_taken, it, AT_ONCE))
        leaving = asyncio.create_task(_told(running, way))
        await until(partial(_says, running, '"event":"worker.draining"'))
        assert not running.is_gone
        wire.release()
        assert await leaving == 0
        left = await look(it)
        assert _nothing_hangs(left) == []
        assert len(left.in_state(HandoffState.DELIVERED)) == 2 * AT_ONCE


async def test_what_does_not_end_within_the_grace_period_is_found_by_the_next_one(
    tmp_path: Path, place: Backend
) -> None:
    reports = 3 * AT_ONCE
    async with (
        site(tmp_path, place, Plan(read="60s", total="60s", settings={"grace": 1})) as it,
        ChannelService(it) as channel,
        slow_sp4n(it) as wire,
    ):
        running = await it.open()
        await channel.hand_in_all(map(submission, range(reports)), AT_ONCE)
        await until(partial(_complaints_taken, it, AT_ONCE))
        assert await _told(running, "SIGTERM") == 0
        left = await look(it)
        under_way = {row["handoff_id"] for row in left.open_attempts}
        assert len(under_way) == AT_ONCE
        assert {row["id"] for row in left.handoffs if row["owner"] is not None} == under_way
        wire.release()
        await it.open()
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert {row["id"] for row in seen.in_state(HandoffState.UNCERTAIN)} == under_way
        assert len(seen.in_state(HandoffState.DELIVERED)) == 2 * reports - AT_ONCE


async def test_a_taken_port_is_told_in_plain_words(tmp_path: Path, embedded: Backend) -> None:
    async with site(tmp_path, embedded) as it:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            running = await it.start(SERVE, **{variable("port"): str(port)})
            assert await running.ended() == 2
        assert f"cannot listen on 127.0.0.1 port {port}" in _plainly(running)


@pytest.mark.postgresql
@pytest.mark.parametrize("command", [SERVE, WORKER], ids=["serve", "worker"])
async def test_a_ledger_that_is_behind_is_told_in_plain_words(
    tmp_path: Path, embedded: Backend, command: tuple[str, ...]
) -> None:
    with throw_away_database(embedded.queue_prefix) as empty:
        async with site(tmp_path, embedded) as it:
            running = await it.start(command, **{variable("database_url"): empty})
            assert await running.ended() == 2
            assert "run `sp4n-gateway migrate`" in _plainly(running)


@pytest.mark.parametrize("command", [SERVE, WORKER], ids=["serve", "worker"])
async def test_a_ledger_that_does_not_answer_is_told_in_plain_words(
    tmp_path: Path, embedded: Backend, command: tuple[str, ...]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"postgresql://postgres@127.0.0.1:{nobody.getsockname()[1]}/none"
        async with site(tmp_path, embedded) as it:
            running = await it.start(command, **{variable("database_url"): address})
            assert await running.ended() == 3
            assert "the database does not answer" in _plainly(running)


async def _told(running: Running, way: str) -> int:
    """Tell a process to stop, and return its exit code."""
    for number in WAYS[way]:
        if not running.is_gone:
            running.send(number)
            await until(partial(_says, running, "worker.draining"))
    return await running.ended()


async def _says(running: Running, text: str) -> bool:
    return text in running.said


async def _has_kept(channel: ChannelService, count: int) -> bool:
    return len(channel.kept) >= count


async def _complaints_taken(it: Site, count: int) -> bool:
    return len(it.simulators.complaints()) == count


def _nothing_hangs(left: Ledgerful) -> list[str]:
    """What a process that left in order must not leave behind."""
    return [
        *(f"{row['destination']} is still owned" for row in left.handoffs if row["owner"] is not None),
        *(f"an attempt at {row['step']} is open" for row in left.open_attempts),
        *(f"{row['destination']} is uncertain" for row in left.in_state(HandoffState.UNCERTAIN)),
        *(f"worker {row['id']} did not sign off" for row in left.workers),
    ]


def _plainly(running: Running) -> str:
    """The line that says what is wrong: after the heading, and nothing else."""
    heading, line = running.said.strip().splitlines()
    assert heading.endswith(":")
    return line.strip()
