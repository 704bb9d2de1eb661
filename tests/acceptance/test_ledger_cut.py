"""The ledger goes away in the middle of it and comes back: intake says so, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from gateway.chaos.wire import Wire, wire_to
from gateway.settings import variable
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import SERVE, UNHURRIED, site, until
from tests.acceptance.promises import broken_promises, settled
from tests.integration.backends import POSTGRESQL, PRODUCTION, Backend, backend

pytestmark = [pytest.mark.postgresql, pytest.mark.rabbitmq, pytest.mark.timeout(300)]

REPORTS = 400
LOSSES, COMMITS_AT_ONCE = 25, 3
AT_ONCE = 8


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Backend]:
    """PostgreSQL and RabbitMQ."""
    with backend(PRODUCTION, tmp_path) as made:
        yield made


async def test_without_its_ledger_intake_answers_503_and_everything_goes_on_by_itself(
    tmp_path: Path, servers: Backend
) -> None:
    async with (
        site(tmp_path, servers, UNHURRIED) as it,
        ChannelService(it) as channel,
        wire_to(POSTGRESQL, 5432) as wire,
    ):
        running = await it.open(SERVE, **{variable("database_url"): wire.instead_of(servers.database_url)})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(channel.hand_in_all(map(submission, range(REPORTS)), AT_ONCE))
            await until(partial(_has_kept, channel, REPORTS // 3))
            wire.close()
            await until(partial(_is_refused, channel))
            await asyncio.sleep(4)  # longer than the lease is good for without a beat
            await wire.open()
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert len(seen.in_state(HandoffState.DELIVERED)) == 2 * REPORTS
        assert not running.is_gone
        for refusal in channel.refusals:
            assert refusal.headers["content-type"] == "application/problem+json"
            assert int(refusal.headers["retry-after"]) >= 1


async def test_a_commit_whose_answer_is_lost_loses_nothing_and_doubles_nothing(
    tmp_path: Path, servers: Backend
) -> None:
    async with (
        site(tmp_path, servers, UNHURRIED) as it,
        ChannelService(it) as channel,
        wire_to(POSTGRESQL, 5432) as wire,
    ):
        running = await it.open(SERVE, **{variable("database_url"): wire.instead_of(servers.database_url)})
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(channel.hand_in_all(map(submission, range(REPORTS)), AT_ONCE))
            tasks.create_task(_lose_answers(channel, wire))
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert len(seen.in_state(HandoffState.DELIVERED)) == 2 * REPORTS
        assert not running.is_gone
        assert wire.lost > LOSSES


async def _lose_answers(channel: ChannelService, wire: Wire) -> None:
    """Let the ledger commit a few times without being able to say so."""
    for number in range(1, LOSSES + 1):
        await until(partial(_has_kept, channel, number * REPORTS // (LOSSES + 1)))
        wire.lose(b"COMMIT", COMMITS_AT_ONCE)


async def _has_kept(channel: ChannelService, count: int) -> bool:
    return len(channel.kept) >= count


async def _is_refused(channel: ChannelService) -> bool:
    return bool(channel.refusals)
