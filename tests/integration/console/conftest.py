"""A console on SQLite; what its pages ask of the ledger is tried on both databases beside the ledger's own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.ledger import Ledger
from tests.integration.console.stand import Stand, make_stand
from tests.integration.databases import Kind


@pytest.fixture
async def stand(sqlite_files: Kind, tmp_path: Path) -> AsyncIterator[Stand]:
    """A console with nobody in it."""
    (url,) = sqlite_files.migrated()
    ledger = await Ledger.open(url)
    yield make_stand(ledger, tmp_path)
    await ledger.close()
