"""A worker holds a lease by its beats; what it leaves behind when it dies is found, whole."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, text

from gateway.ledger import Ledger
from gateway.ledger.attempts import begin_attempts
from gateway.ledger.claims import release
from gateway.ledger.values import Living, Orphan, WorkerRow
from gateway.ledger.workers import beat, fence, held, leave, living, orphans, register
from schemas.handoff import HandoffState
from tests.integration.databases import Kind
from tests.integration.ledger.doing import begin, claim_all, end, handoff, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_report, a_worker, an_attempt

SOMEBODY_WAITS = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"
)


async def test_a_beat_moves_while_the_worker_lives(ledger: Ledger, worker: WorkerRow) -> None:
    other = a_worker()
    await ledger.write(register, other)

    assert [await ledger.write(beat, worker.id) for _ in range(2)] == [True, True]

    assert sorted(await ledger.read(living)) == sorted(
        [Living(worker.id, 2, worker.host, worker.pid), Living(other.id, 0, other.host, other.pid)]
    )


async def test_a_worker_that_was_taken_for_dead_learns_it_from_its_beat(ledger: Ledger, worker: WorkerRow) -> None:
    assert await ledger.write(fence, worker.id, NOW) is True
    assert await ledger.write(fence, worker.id, LATER) is False

    assert await ledger.write(beat, worker.id) is False
    assert await ledger.read(living) == []


async def test_what_a_living_worker_has_is_no_orphan(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    await begin(ledger, claimed, worker)

    assert await ledger.read(orphans) == []


async def test_what_a_dead_worker_had_is_found_with_its_open_attempt(ledger: Ledger, worker: WorkerRow) -> None:
    tried, untried = a_report("wamid.1", SP4N, files=1), a_report("wamid.2", SP4N, priority=0)
    await keep(ledger, tried, untried)
    claimed, other = await claim_all(ledger, worker, tried, untried)
    attempt = await begin(ledger, claimed, worker)
    await ledger.write(fence, worker.id, LATER)

    found = await ledger.read(orphans)

    assert [(each.claimed, each.attempt) for each in found] == [(other, None), (claimed, attempt)]
    assert [each.claimed for each in await ledger.read(orphans, 1)] == [other]


async def test_an_attempt_that_has_ended_is_not_open(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    await end(ledger, claimed, await begin(ledger, claimed, worker), HandoffState.PENDING)
    (claimed,) = await claim_all(ledger, worker, report)
    second = await begin(ledger, claimed, worker, number=2)
    await ledger.write(fence, worker.id, LATER)

    (found,) = await ledger.read(orphans)

    assert found.attempt == second


async def test_an_orphan_without_an_attempt_is_released_in_its_dead_workers_name(
    ledger: Ledger, worker: WorkerRow
) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    await ledger.write(fence, worker.id, LATER)

    assert await ledger.write(release, [claimed.handoff.id], worker.id, LATER) == 1
    assert await ledger.read(orphans) == []
    assert (await handoff(ledger, claimed.handoff.id)).owner is None


async def test_what_a_worker_that_left_did_not_give_back_is_found(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)

    await ledger.write(leave, worker.id)

    assert await ledger.read(living) == []
    assert [each.claimed.handoff.id for each in await ledger.read(orphans)] == [claimed.handoff.id]


async def test_a_worker_can_look_up_what_it_forgot(ledger: Ledger, worker: WorkerRow) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY)
    await keep(ledger, report)
    claimed, other = await claim_all(ledger, worker, report)
    attempt = await begin(ledger, claimed, worker)
    ids = [claimed.handoff.id, other.handoff.id]

    found = await ledger.read(held, worker.id, ids)

    assert {each.claimed.handoff.id: each.attempt for each in found} == {ids[0]: attempt, ids[1]: None}
    assert await ledger.read(held, a_worker().id, ids) == []
    assert await ledger.read(held, worker.id, []) == []


@pytest.mark.postgresql
async def test_whoever_fences_a_worker_sees_every_attempt_that_it_began(postgresql_databases: Kind) -> None:
    """The race that matters: the attempt is written but not committed while its worker is taken for dead.

    Either the one who fences waits for the commit (the way it is), or it looks for orphans before it (and misses one).
    """
    url = next(iter(postgresql_databases.migrated()))
    mine, theirs = await Ledger.open(url), await Ledger.open(url)
    worker, report = a_worker(), a_report("wamid.1", SP4N)
    await mine.write(register, worker)
    await keep(mine, report)
    (claimed,) = await claim_all(mine, worker, report)
    begun, looked = asyncio.Event(), asyncio.Event()

    def begin_slowly(conn: Connection) -> list[bool]:
        answer = begin_attempts(conn, [an_attempt(claimed, worker.id)])
        begun.set()
        while not looked.is_set() and not conn.execute(SOMEBODY_WAITS).scalar_one():
            pass
        return answer

    async def fence_and_look() -> list[Orphan]:
        await begun.wait()
        await theirs.write(fence, worker.id, LATER)
        found = await theirs.read(orphans)
        looked.set()
        return found

    answer, found = await asyncio.gather(mine.write(begin_slowly), fence_and_look())

    assert answer == [True]
    assert [orphan.attempt is not None for orphan in found] == [True]
    await mine.close()
    await theirs.close()
