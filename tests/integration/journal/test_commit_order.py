"""On PostgreSQL transactions commit in another order than they begin, and a restored cluster counts them anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Connection, NullPool, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from gateway.ledger.log_reading import batches
from gateway.ledger.tables import log_batches, log_head
from gateway.logbook import pack_entries, unpack_entries
from tests.integration.journal.databases import Database, database, wipe
from tests.integration.journal.world import Records, all_final, sequenced, verified, wait_until_final

pytestmark = pytest.mark.postgresql
T = TypeVar("T")
REPORT = UUID(int=5)
MOVED_BY = 1_000_000_000
"""How far the transaction numbers of the old cluster were ahead of the new one's."""


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with database("postgresql", tmp_path_factory.mktemp("ledger")) as made:
        yield made


@pytest.fixture
def base(emptied: Database) -> Database:
    emptied.run(wipe)
    return emptied


@pytest.fixture
async def engine(base: Database) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(base.url, poolclass=NullPool)
    yield made
    await made.dispose()


@pytest.fixture
def handoff(base: Database, make: Records) -> UUID:
    return base.run(lambda conn: make.handoff(conn, REPORT, "sp4n"))


@pytest.fixture
def make() -> Records:
    return Records()


def logged(conn: Connection) -> list[UUID]:
    return [entry.attempt_id for batch in batches(conn) for entry, _ in batch.unpacked()]


async def commit(engine: AsyncEngine, function: Callable[[Connection], T]) -> T:
    async with engine.begin() as conn:
        return await conn.run_sync(function)


async def until(holds: Callable[[], Any]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(60):
        while not await holds():
            continue


# --------------------------------------------------------------------------------------------------------- commit order


async def test_a_row_waits_for_every_transaction_that_began_before_its_own(
    engine: AsyncEngine, make: Records, handoff: UUID
) -> None:
    async with engine.connect() as early:
        first = await early.run_sync(make.attempt, handoff, REPORT, "sp4n", 1)
        second = await commit(engine, lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", 2))
        assert await commit(engine, sequenced) == 0
        third = await commit(engine, lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", 3))
        assert await commit(engine, sequenced) == 0
        await early.commit()
    await until_final(engine)
    assert await commit(engine, sequenced) == 3
    assert await commit(engine, logged) == [first, second, third]
    assert await commit(engine, sequenced) == 0


async def test_a_row_written_late_in_a_transaction_that_began_early_keeps_the_transactions_place(
    engine: AsyncEngine, make: Records, handoff: UUID
) -> None:
    async with engine.connect() as early:
        first = await early.run_sync(make.attempt, handoff, REPORT, "sp4n", 1)
        between = await commit(engine, lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", 2))
        last = await early.run_sync(make.attempt, handoff, REPORT, "sp4n", 3)
        await early.commit()
    await until_final(engine)
    assert await commit(engine, sequenced) == 3
    assert await commit(engine, logged) == [first, last, between]


async def test_a_transaction_that_rolls_back_holds_nothing_up(
    engine: AsyncEngine, make: Records, handoff: UUID
) -> None:
    async with engine.connect() as early:
        await early.run_sync(make.attempt, handoff, REPORT, "sp4n", 1)
        kept = await commit(engine, lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", 1))
        await early.rollback()
    await until_final(engine)
    assert await commit(engine, sequenced) == 1
    assert await commit(engine, logged) == [kept]


async def test_a_second_sequencer_leaves_at_once_while_the_first_is_at_work(
    engine: AsyncEngine, make: Records, handoff: UUID
) -> None:
    await commit(engine, lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", 1))
    await until_final(engine)
    await commit(engine, sequenced)
    await commit(engine, lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", 2))
    await until_final(engine)
    async with engine.connect() as first:
        assert await first.run_sync(sequenced) == 1
        assert await commit(engine, sequenced) == 0
        await first.commit()
    assert await commit(engine, sequenced) == 0


async def test_two_sequencers_that_both_begin_the_log_begin_it_once(
    engine: AsyncEngine, make: Records, handoff: UUID
) -> None:
    await commit(engine, lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", 1))
    await until_final(engine)
    done = await asyncio.gather(*(commit(engine, sequenced) for _ in range(5)))
    assert sorted(done) == [0, 0, 0, 0, 1]


async def until_final(engine: AsyncEngine) -> None:
    await until(lambda: commit(engine, all_final))


# ------------------------------------------------------------------------------------------------------ another cluster


def move(conn: Connection) -> None:
    """Make it look as if everything had been written in a cluster that was far ahead, and restored into this one."""
    for table in ("attempts", "results"):
        conn.execute(text(f"UPDATE {table} SET tx = tx + {MOVED_BY}"))
    for batch in list(batches(conn)):
        entries = [entry._replace(tx=entry.tx + MOVED_BY) for entry in unpack_entries(batch.entries)]
        conn.execute(
            update(log_batches).where(log_batches.c.start == batch.start).values(entries=pack_entries(entries))
        )
    for name in ("attempts_tx", "results_tx"):
        conn.execute(update(log_head).where(log_head.c[name] > 0).values({name: log_head.c[name] + MOVED_BY}))


def attempt_of(make: Records, handoff: UUID) -> Callable[[Connection], UUID]:
    return lambda conn: make.attempt(conn, handoff, REPORT, "sp4n", make.made)


@pytest.fixture
def restored(base: Database, make: Records, handoff: UUID) -> tuple[UUID, UUID, UUID]:
    """Two logged attempts and one that was not logged yet when the dump was made."""
    one, two = (base.run(attempt_of(make, handoff)) for _ in range(2))
    wait_until_final(base)
    base.run(sequenced)
    three = base.run(attempt_of(make, handoff))
    base.run(move)
    return one, two, three


def test_after_a_move_to_another_cluster_nothing_is_lost_or_doubled(
    base: Database, make: Records, handoff: UUID, restored: tuple[UUID, UUID, UUID]
) -> None:
    new = [base.run(attempt_of(make, handoff)) for _ in range(3)]
    base.run(sequenced, 1)
    assert base.run(logged) == [*restored, *new]
    newer = [base.run(attempt_of(make, handoff)) for _ in range(3)]
    wait_until_final(base)
    assert base.run(sequenced) == 3
    assert base.run(logged) == [*restored, *new, *newer]
    assert base.run(sequenced) == 0


def test_after_a_move_the_journal_verifies(
    base: Database, make: Records, handoff: UUID, restored: tuple[UUID, UUID, UUID]
) -> None:
    base.run(lambda conn: [make.result(conn, ident, REPORT) for ident in restored[:2]])
    last = base.run(attempt_of(make, handoff))
    base.run(sequenced)
    base.run(lambda conn: [make.result(conn, ident, REPORT) for ident in (restored[2], last)])
    wait_until_final(base)
    base.run(sequenced)
    assert base.run(verified).findings == ()


async def test_a_move_waits_for_the_writers_that_are_at_work(
    engine: AsyncEngine, make: Records, handoff: UUID, restored: tuple[UUID, UUID, UUID]
) -> None:
    async with engine.connect() as writer:
        slow = await writer.run_sync(attempt_of(make, handoff))
        fast = await commit(engine, attempt_of(make, handoff))
        turn = asyncio.create_task(commit(engine, sequenced))
        await until(lambda: commit(engine, waits_for_a_lock))
        assert not turn.done()
        await writer.commit()
    assert await turn == 3
    assert await commit(engine, logged) == [*restored, slow, fast]


def waits_for_a_lock(conn: Connection) -> bool:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'attempts'::regclass"
    return bool(conn.exec_driver_sql(query).scalar_one())
