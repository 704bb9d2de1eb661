"""The fixtures that give a migrated ledger, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from gateway.failpoints import Reach, no_failpoint
from gateway.ledger import Ledger
from tests.integration.databases import BOTH, SQLITE, Kind, PostgresqlDatabases, SqliteFiles

OpenLedger = Callable[..., Awaitable[Ledger]]


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> Kind:
    """Ledgers of SQLite."""
    return SqliteFiles(tmp_path_factory.mktemp("ledgers"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Kind]:
    """Ledgers of PostgreSQL."""
    databases = PostgresqlDatabases()
    yield databases
    databases.close()


@pytest.fixture(params=BOTH)
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind of database in turn."""
    kind: Kind = request.getfixturevalue("sqlite_files" if request.param == SQLITE else "postgresql_databases")
    return kind


@pytest.fixture
def ledger_url(database_kind: Kind) -> Iterator[str]:
    """The address of a ledger with tables and without rows."""
    yield from database_kind.migrated()


@pytest.fixture
def empty_url(database_kind: Kind) -> Iterator[str]:
    """The address of a database without tables."""
    yield from database_kind.empty()


@pytest.fixture
async def open_ledger(ledger_url: str) -> AsyncIterator[OpenLedger]:
    """Opens the test's ledger, as often as it is called; all are closed in the end."""
    opened: list[Ledger] = []

    async def open_one(reach: Reach = no_failpoint) -> Ledger:
        opened.append(await Ledger.open(ledger_url, reach=reach))
        return opened[-1]

    yield open_one
    for ledger in opened:
        await ledger.close()


@pytest.fixture
async def ledger(open_ledger: OpenLedger) -> Ledger:
    """The test's ledger."""
    return await open_ledger()
