"""Operations on SQLite; what they ask of the ledger is tried on both databases beside the ledger's own tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.ledger import Ledger
from tests.integration.databases import Kind
from tests.integration.operations.stand import Stand, make_stand


@pytest.fixture
async def stand(sqlite_files: Kind) -> AsyncIterator[Stand]:
    """Nobody has a key yet."""
    (url,) = sqlite_files.migrated()
    ledger = await Ledger.open(url)
    made = make_stand(ledger)
    yield made
    await made.checker.close()
    await ledger.close()
