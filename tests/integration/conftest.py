"""The same suite on both backends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.backends import BOTH, EMBEDDED, Backend, backend
from tests.integration.ledgers import database_kind as database_kind
from tests.integration.ledgers import empty_url as empty_url
from tests.integration.ledgers import ledger as ledger
from tests.integration.ledgers import ledger_url as ledger_url
from tests.integration.ledgers import open_ledger as open_ledger
from tests.integration.ledgers import postgresql_databases as postgresql_databases
from tests.integration.ledgers import sqlite_files as sqlite_files


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    """SQLite with the memory broker, and PostgreSQL with RabbitMQ."""
    with backend(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Backend]:
    """Nothing to install: for what has nothing to do with the database."""
    with backend(EMBEDDED, tmp_path) as made:
        yield made
