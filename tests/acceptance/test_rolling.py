"""Two gateways behind a proxy: restarted one after the other, cut off from ledger and broker, and nobody notices."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest

from gateway.chaos.wire import Wire, wire_to
from gateway.settings import variable
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import SERVE, UNHURRIED, Running, Site, site, until
from tests.acceptance.promises import broken_promises, settled
from tests.integration.backends import PRODUCTION, RABBITMQ, Backend, backend
from tests.integration.databases import administer

pytestmark = [pytest.mark.postgresql, pytest.mark.rabbitmq, pytest.mark.timeout(300)]

REPORTS, AT_ONCE, CUTS = 400, 8, 4


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Backend]:
    """PostgreSQL and RabbitMQ."""
    with backend(PRODUCTION, tmp_path) as made:
        yield made


@dataclass
class BehindAProxy(ChannelService):
    """Posts by way of a proxy, which asks the next gateway where one does not answer. `gaps`: nobody did."""

    behind: list[str] = field(default_factory=list)
    gaps: int = 0
    _turn: Iterator[int] = field(default_factory=count)

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response | None:
        asked: set[str] = set()
        while left := [address for address in self.behind if address not in asked]:  # one may have come meanwhile
            self.site.address = left[next(self._turn) % len(left)]
            asked.add(self.site.address)
            answer = await super()._post(path, body, headers)
            if answer is not None:
                return answer
        self.gaps += 1
        return None


async def test_restarted_one_by_one_under_load_they_leave_no_gap_and_nothing_undone(
    tmp_path: Path, servers: Backend
) -> None:
    async with site(tmp_path, servers, UNHURRIED) as it, BehindAProxy(it) as channel, wire_to(RABBITMQ, 5672) as wire:
        through = {variable("broker_url"): wire.instead_of(RABBITMQ)}
        running = [await _open(it, channel, **through) for _ in range(2)]
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(channel.hand_in_all(map(submission, range(REPORTS)), AT_ONCE))
            for number in range(2):
                await until(partial(_has_kept, channel, (number + 1) * REPORTS // 8))
                await _restart(it, channel, running, number, **through)
            assert (channel.gaps, channel.refusals) == (0, [])
            for number in range(CUTS):
                await until(partial(_has_kept, channel, REPORTS // 2 + number * REPORTS // 10))
                await _cut(servers, wire)
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert len(seen.in_state(HandoffState.DELIVERED)) == 2 * REPORTS
        assert [one for one in running if one.is_gone] == []


async def _open(it: Site, channel: BehindAProxy, **environment: str) -> Running:
    running = await it.open(SERVE, **environment)
    assert it.address is not None
    channel.behind.append(it.address)
    return running


async def _restart(it: Site, channel: BehindAProxy, running: list[Running], number: int, **environment: str) -> None:
    """Tell one to stop while the proxy still counts on it; another comes in its place once it is gone."""
    running[number].send(signal.SIGTERM)
    assert await running[number].ended() == 0
    del channel.behind[0]
    running[number] = await _open(it, channel, **environment)


async def _cut(servers: Backend, wire: Wire) -> None:
    """Every connection to the ledger ends, and every one to the broker; both may be made anew at once."""
    name = servers.database_url.rsplit("/", 1)[1]
    await asyncio.to_thread(
        administer, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    wire.close()
    await wire.open()


async def _has_kept(channel: ChannelService, number: int) -> bool:
    return len(channel.kept) >= number
