"""Workers that are not killed but lost: frozen, on a machine that is gone, or cut off from the ledger for a while."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, update

from gateway.chaos.wire import wire_to
from gateway.ledger.tables import workers
from gateway.settings import variable
from schemas.handoff import Evidence, HandoffState, ResultSource
from tests.acceptance.channel_service import ChannelService, submission
from tests.acceptance.processes import HEAD_ONLY, SERVE, WORKER, Site, site, until
from tests.acceptance.promises import broken_promises, look, requests_by_step, settled, stranded
from tests.acceptance.slow_sp4n import slow_sp4n
from tests.integration.backends import BOTH, POSTGRESQL, PRODUCTION, Backend, backend
from tests.integration.installation import SP4N, Plan

TAKEN_UP_WITHIN = 10.0
LEASE = 4.0
PATIENT = Plan(read="60s", total="60s", settings={"lease": LEASE})
"""A gateway that waits for its destinations longer than a lease lasts."""


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Backend]:
    """PostgreSQL and RabbitMQ."""
    with backend(PRODUCTION, tmp_path) as made:
        yield made


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    with backend(request.param, tmp_path) as made:
        yield made


async def test_a_worker_on_a_machine_that_is_gone_is_taken_up_within_ten_seconds(
    tmp_path: Path, place: Backend
) -> None:
    async with site(tmp_path, place) as it, ChannelService(it) as channel:
        running = await it.open(SERVE, SP4N_GATEWAY_FAILPOINT="dispatch.complaint.answered")
        await channel.hand_in(submission(1))
        await running.ended()
        dead = {row["id"] for row in (await look(it)).workers}
        await it.ledger.write(_move, dead)
        await it.open()
        await until(lambda: _nothing_is_left(it, dead), seconds=TAKEN_UP_WITHIN)
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert [row["destination"] for row in seen.in_state(HandoffState.UNCERTAIN)] == [SP4N]


def _move(conn: Connection, ids: set[UUID]) -> None:
    """As if these workers had been on another machine, of whose processes nobody here knows anything."""
    conn.execute(update(workers).where(workers.c.id.in_(ids)).values(host="mesin-lain"))


async def _nothing_is_left(it: Site, dead: set[UUID]) -> bool:
    return not await stranded(it, dead)


@pytest.mark.postgresql
@pytest.mark.rabbitmq
async def test_a_worker_that_was_frozen_sends_nothing_when_it_wakes_and_its_answer_still_counts(
    tmp_path: Path, servers: Backend
) -> None:
    async with site(tmp_path, servers, PATIENT) as it, ChannelService(it) as channel, slow_sp4n(it) as wire:
        await it.open(HEAD_ONLY)
        frozen = await it.open(WORKER)
        await channel.hand_in(submission(1))
        await until(lambda: _has_complaint(it))
        frozen.send(signal.SIGSTOP)
        await it.open(WORKER)
        await until(lambda: _is_uncertain(it))
        wire.release()
        frozen.send(signal.SIGCONT)
        await until(lambda: _all_delivered(it))
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert requests_by_step(it)[SP4N, "complaint"] == 1
        complaint = next(row["id"] for row in seen.attempts if row["step"] == "complaint")
        sources = [row["source"] for row in seen.results if row["attempt_id"] == complaint]
        assert sorted(sources) == [ResultSource.LATE, ResultSource.REAPER]
        await channel.hand_in(submission(2))
        await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert '"event":"worker.was_fenced"' in frozen.said


async def _has_complaint(it: Site) -> bool:
    return len(it.simulators.complaints()) == 1


async def _all_delivered(it: Site) -> bool:
    return len((await look(it)).in_state(HandoffState.DELIVERED)) == 2


async def _all_beat_again(it: Site, before: dict[UUID, int]) -> bool:
    """Each has looked at the other since, and lives."""
    now = {row["id"]: row["beats"] for row in (await look(it)).workers if row["reaped_at"] is None}
    return all(now.get(worker, 0) > beats + 1 for worker, beats in before.items())


async def _is_uncertain(it: Site) -> bool:
    return len((await look(it)).in_state(HandoffState.UNCERTAIN)) == 1


@pytest.mark.postgresql
@pytest.mark.rabbitmq
async def test_workers_that_lost_the_ledger_together_do_not_take_each_other_for_dead(
    tmp_path: Path, servers: Backend
) -> None:
    async with (
        site(tmp_path, servers, PATIENT) as it,
        ChannelService(it) as channel,
        slow_sp4n(it) as wire,
        wire_to(POSTGRESQL, 5432) as ledger_wire,
    ):
        through = {variable("database_url"): ledger_wire.instead_of(servers.database_url)}
        await it.open(HEAD_ONLY)
        both = [await it.open(WORKER, **through), await it.open(WORKER, **through)]
        await channel.hand_in(submission(1))
        await until(lambda: _has_complaint(it))
        before = {row["id"]: row["beats"] for row in (await look(it)).workers}
        ledger_wire.close()
        await asyncio.sleep(LEASE + 1)  # an outage longer than the lease
        await ledger_wire.open()
        await until(lambda: _all_beat_again(it, before))
        wire.release()
        seen = await settled(it)
        assert await broken_promises(it, channel.kept) == []
        assert {row["state"] for row in seen.handoffs} == {HandoffState.DELIVERED}
        assert {row["evidence"] for row in seen.handoffs} == {Evidence.REFERENCED}
        assert [one for one in both if "fenced" in one.said] == []
