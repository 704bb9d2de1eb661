"""A ledger whose books are checked after every test, and one on which a worker is registered."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.values import Claimed, WorkerRow
from gateway.ledger.workers import register
from tests.integration.ledger.doing import claim_all, keep
from tests.integration.ledger.making import SP4N, a_report, a_worker
from tests.integration.ledgers import OpenLedger


@pytest.fixture
async def ledger(open_ledger: OpenLedger) -> AsyncIterator[Ledger]:
    """The test's ledger; whatever the test does, the books must balance. Use `open_ledger` to unbalance them."""
    ledger = await open_ledger()
    yield ledger
    assert [row for row in await ledger.read(balance) if row.difference != 0] == []


@pytest.fixture
async def worker(ledger: Ledger) -> WorkerRow:
    """A registered worker."""
    row = a_worker()
    await ledger.write(register, row)
    return row


@pytest.fixture
async def claimed(ledger: Ledger, worker: WorkerRow) -> Claimed:
    """A handoff that the worker has claimed."""
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)
    (one,) = await claim_all(ledger, worker, report)
    return one
