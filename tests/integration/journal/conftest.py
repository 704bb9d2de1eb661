"""Databases for the tests of the journal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.journal.world import Database, World, database, fill

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A ledger without rows."""
    with database(request.param, tmp_path_factory.mktemp("ledger")) as made:
        yield made


@pytest.fixture(scope="module", params=KINDS)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, World]]:
    """A ledger with an invented history, shared by a module: tests roll back what they change."""
    with database(request.param, tmp_path_factory.mktemp("ledger")) as made:
        yield made, fill(made)
