"""The queue is a doorbell: whatever happens to the broker, the result is the same as if nothing had."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from kombu import Connection

from gateway.chaos.wire import wire_to
from gateway.queue import Doorbell
from gateway.settings import variable
from schemas.handoff import HandoffState
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import HEAD_ONLY, UNHURRIED, WORKER, Site, site, until
from tests.acceptance.promises import broken_promises, settled
from tests.integration.backends import PRODUCTION, RABBITMQ, Backend, backend

pytestmark = [pytest.mark.postgresql, pytest.mark.rabbitmq, pytest.mark.timeout(300)]

REPORTS = 300
WIPES = 6
AT_ONCE = 8


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Backend]:
    """PostgreSQL and RabbitMQ."""
    with backend(PRODUCTION, tmp_path) as made:
        yield made


async def test_wiping_the_broker_in_the_middle_of_it_changes_nothing(tmp_path: Path, servers: Backend) -> None:
    async with site(tmp_path, servers, UNHURRIED) as it, ChannelService(it) as channel:
        for command in (HEAD_ONLY, WORKER):
            await it.open(command)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(channel.hand_in_all(map(submission, range(REPORTS)), AT_ONCE))
            tasks.create_task(_wipe(channel, servers.queue_prefix))
        await _all_is_as_without(it, channel)
        await until(lambda: _is_heard(servers.queue_prefix))


async def test_a_broker_that_comes_late_and_goes_again_changes_nothing(tmp_path: Path, servers: Backend) -> None:
    async with site(tmp_path, servers, UNHURRIED) as it, ChannelService(it) as channel, wire_to(RABBITMQ, 5672) as wire:
        through = {variable("broker_url"): wire.instead_of(RABBITMQ)}
        wire.close()
        running = [await it.open(command, **through) for command in (HEAD_ONLY, WORKER)]
        for first, broker_is_there in ((0, False), (20, True), (40, False), (60, True)):
            if broker_is_there:
                await wire.open()
                await until(lambda: _is_heard(servers.queue_prefix))
            else:
                wire.close()
            await channel.hand_in_all(map(submission, range(first, first + 20)), AT_ONCE)
        await _all_is_as_without(it, channel)
        assert [one for one in running if one.is_gone] == []


async def _wipe(channel: ChannelService, prefix: str) -> None:
    """Purge the queue and delete it, by turns, at equal distances."""
    for number in range(1, WIPES + 1):
        await until(partial(_has_kept, channel, number * REPORTS // (WIPES + 1)))
        await asyncio.to_thread(_purge if number % 2 else _delete, prefix)


async def _has_kept(channel: ChannelService, count: int) -> bool:
    return len(channel.kept) >= count


def _purge(prefix: str) -> None:
    """Empty the queue. If it is not there it is made, and is empty then, too."""
    name = f"{prefix}.tickets"
    with Connection(RABBITMQ) as connection, connection.channel() as channel:
        channel.queue_declare(name, durable=True, arguments={"x-queue-type": "quorum"}, auto_delete=False)
        channel.queue_purge(name)


def _delete(prefix: str) -> None:
    Doorbell(RABBITMQ, prefix).delete_queue()


async def _is_heard(prefix: str) -> bool:
    """The queue is there and somebody listens to it."""
    return await asyncio.to_thread(_listeners, prefix) > 0


def _listeners(prefix: str) -> int:
    with Connection(RABBITMQ) as connection, connection.channel() as channel:
        try:
            return int(channel.queue_declare(f"{prefix}.tickets", passive=True).consumer_count)
        except connection.channel_errors:
            return 0


async def _all_is_as_without(it: Site, channel: ChannelService) -> None:
    """Each report is delivered to both, once."""
    seen = await settled(it)
    assert await broken_promises(it, channel.kept) == []
    assert len(seen.in_state(HandoffState.DELIVERED)) == 2 * len(channel.kept)
    assert len(it.simulators.complaints()) == len(it.simulators.cases()) == len(channel.kept)
