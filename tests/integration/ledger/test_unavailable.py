"""A database that cannot be used says what to do, whatever its own words for it are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from gateway.ledger import Ledger
from gateway.ledger.intake import keep_reports
from gateway.ledger.tables import reports
from gateway.ledger.workers import living, register
from schemas.errors import GatewayError, LedgerUnavailable, Misconfigured
from tests.integration.databases import SERVER, Kind, administer
from tests.integration.ledger.doing import count, keep
from tests.integration.ledger.making import SP4N, a_report, a_worker


@pytest.fixture
async def opened() -> AsyncIterator[list[Ledger]]:
    ledgers: list[Ledger] = []
    yield ledgers
    for ledger in ledgers:
        await ledger.close()


async def open_at(url: str, opened: list[Ledger]) -> Ledger:
    opened.append(await Ledger.open(url))
    return opened[-1]


async def refused(ledger: Ledger) -> str:
    """What the ledger says to reading, writing and group commit, which must be the same."""
    texts = set()
    for act in (ledger.write(register, a_worker()), ledger.group(keep_reports, a_report("wamid.1", SP4N))):
        with pytest.raises(LedgerUnavailable) as caught:
            await act
        texts.add(caught.value.detail)
    assert len(texts) == 1
    return texts.pop()


@pytest.fixture
def sqlite_url(sqlite_files: Kind) -> str:
    return next(iter(sqlite_files.migrated()))


async def test_a_full_disk_is_told_and_what_was_kept_stays(sqlite_url: str, opened: list[Ledger]) -> None:
    ledger = await open_at(sqlite_url, opened)
    await keep(ledger, a_report("wamid.kept", SP4N))

    def fill(conn: Connection) -> None:
        pages = conn.execute(text("PRAGMA page_count")).scalar_one()
        conn.execute(text(f"PRAGMA max_page_count = {pages}"))

    def make_room(conn: Connection) -> None:
        conn.execute(text("PRAGMA max_page_count = 100000"))

    await ledger.write(fill)
    given = [ledger.group(keep_reports, a_report(f"wamid.{number}", SP4N)) for number in range(300)]
    answers = await asyncio.gather(*given, return_exceptions=True)
    assert {type(answer) for answer in answers} == {LedgerUnavailable}
    assert "full" in str(answers[0])
    assert await count(ledger, reports) == 1

    await ledger.write(make_room)
    await keep(ledger, a_report("wamid.later", SP4N))
    assert await count(ledger, reports) == 2


async def test_a_read_only_file_is_told(sqlite_url: str, opened: list[Ledger]) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    ledger = await open_at(f"sqlite:///file:{path}?mode=ro&uri=true", opened)

    assert "read-only" in await refused(ledger)


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path, opened: list[Ledger]) -> None:
    ledger = await open_at(f"sqlite:///{tmp_path}/missing/ledger.db", opened)

    assert "folder" in await refused(ledger)


async def test_a_file_that_is_no_database_is_told(tmp_path: Path, opened: list[Ledger]) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("this is a letter, not a database; " * 100)
    ledger = await open_at(f"sqlite:///{path}", opened)

    assert "no SQLite database" in await refused(ledger)


async def test_a_database_that_somebody_keeps_locked_is_told(sqlite_url: str, opened: list[Ledger]) -> None:
    holder, ledger = await open_at(sqlite_url, opened), await open_at(sqlite_url, opened)
    loop = asyncio.get_running_loop()
    locked, enough = asyncio.Event(), asyncio.Event()

    def hold(conn: Connection) -> None:
        conn.execute(text("SELECT 1"))
        loop.call_soon_threadsafe(locked.set)
        while not enough.is_set():
            pass

    def hurry(conn: Connection) -> None:
        conn.execute(text("PRAGMA busy_timeout = 1"))

    await ledger.write(hurry)
    holding = asyncio.create_task(holder.write(hold))
    await locked.wait()
    assert "locked" in await refused(ledger)
    enough.set()
    await holding
    await ledger.write(register, a_worker())


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://root@127.0.0.1/x", "/var/lib/ledger.db", "", "oracle+x://"]
)
async def test_an_address_that_no_ledger_can_have_is_refused_at_once(url: str) -> None:
    with pytest.raises(Misconfigured):
        await Ledger.open(url)


async def test_a_server_that_does_not_answer_is_told(unused_tcp_port: int, opened: list[Ledger]) -> None:
    ledger = await open_at(f"postgresql://postgres@127.0.0.1:{unused_tcp_port}/ledger", opened)

    assert "does not answer" in await refused(ledger)
    with pytest.raises(LedgerUnavailable):
        await ledger.read(living)
    with pytest.raises(LedgerUnavailable):
        await ledger.migrate()


@pytest.fixture
def postgresql_url(postgresql_databases: Kind) -> str:
    return next(iter(postgresql_databases.migrated()))


@pytest.mark.postgresql
async def test_a_database_that_is_not_there_is_told(postgresql_url: str, opened: list[Ledger]) -> None:
    ledger = await open_at(f"{SERVER}/sp4ngw_test_not_there", opened)

    assert "no such database" in await refused(ledger)


@pytest.mark.postgresql
async def test_a_standby_is_told(postgresql_url: str, opened: list[Ledger]) -> None:
    ledger = await open_at(postgresql_url, opened)

    def stand_by(conn: Connection, items: Sequence[None] = ()) -> list[None]:
        conn.execute(text("SET default_transaction_read_only = on"))
        return list(items)

    await ledger.write(stand_by)
    await ledger.group(stand_by, None)

    assert "read-only" in await refused(ledger)


@pytest.mark.postgresql
async def test_connections_that_the_server_closed_are_made_anew(postgresql_url: str, opened: list[Ledger]) -> None:
    ledger = await open_at(postgresql_url, opened)
    await keep(ledger, a_report("wamid.1", SP4N))
    name = postgresql_url.rpartition("/")[2]
    await asyncio.to_thread(
        administer, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )

    await keep(ledger, a_report("wamid.2", SP4N))
    assert await ledger.read(living) == []
    assert await count(ledger, reports) == 2


@pytest.mark.postgresql
async def test_connections_closed_at_any_moment_are_told_and_made_anew(
    postgresql_url: str, opened: list[Ledger]
) -> None:
    """Also between the word that the server ends a connection and its end."""
    ledger = await open_at(postgresql_url, opened)
    name = postgresql_url.rpartition("/")[2]
    is_over, told = asyncio.Event(), list[Exception]()

    async def work() -> None:
        while not is_over.is_set():
            try:
                await ledger.write(register, a_worker())
                await ledger.read(living)
            except LedgerUnavailable:
                await asyncio.sleep(0)
            except Exception as error:  # noqa: BLE001 - which one is the question
                told.append(error)

    at_work = [asyncio.create_task(work()) for _ in range(4)]
    for _ in range(60):
        await asyncio.to_thread(
            administer, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
    is_over.set()
    await asyncio.gather(*at_work)
    assert told == []
    await ledger.write(register, a_worker())


@pytest.mark.postgresql
async def test_commits_are_synced_whatever_the_server_was_told(
    postgresql_databases: Kind, opened: list[Ledger]
) -> None:
    for url in postgresql_databases.empty():
        name = url.rpartition("/")[2]
        await asyncio.to_thread(administer, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        ledger = await open_at(url, opened)

        def setting(conn: Connection) -> str:
            return str(conn.execute(text("SHOW synchronous_commit")).scalar_one())

        assert (await ledger.write(setting), await ledger.read(setting)) == ("on", "off")


@pytest.mark.postgresql
async def test_two_transactions_in_each_others_way_both_succeed(postgresql_url: str, opened: list[Ledger]) -> None:
    ledger = await open_at(postgresql_url, opened)
    workers = [a_worker(), a_worker()]
    for worker in workers:
        await ledger.write(register, worker)
    met = [asyncio.Event(), asyncio.Event()]

    def lock_both(conn: Connection, first: int) -> None:
        for place in (first, 1 - first):
            conn.execute(text("SELECT 1 FROM workers WHERE id = :id FOR UPDATE"), {"id": workers[place].id})
            met[first].set()
            while not met[1 - first].is_set():
                conn.execute(text("SELECT 1"))

    await asyncio.gather(ledger.write(lock_both, 0), ledger.write(lock_both, 1))


def test_what_the_ledger_says_is_an_error_that_asks_to_try_again() -> None:
    assert issubclass(LedgerUnavailable, GatewayError)
    assert LedgerUnavailable("x").retry_after > 0
