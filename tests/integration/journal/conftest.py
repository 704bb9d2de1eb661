"""Databases for the tests of the journal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.journal.databases import Database, database, wipe
from tests.integration.journal.world import World, fill

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module", params=KINDS)
def emptied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A ledger that is emptied before each test that uses it."""
    with database(request.param, tmp_path_factory.mktemp("ledger")) as made:
        yield made


@pytest.fixture
def empty(emptied: Database) -> Database:
    """A ledger without rows."""
    emptied.run(wipe)
    return emptied


@pytest.fixture(scope="module", params=KINDS)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, World]]:
    """A ledger with an invented history, shared by a module: tests roll back what they change."""
    with database(request.param, tmp_path_factory.mktemp("ledger")) as made:
        yield made, fill(made)
