"""The journal runs through the ledger as the gateway holds it: migrated tables, the ledger's own transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.ledger import Ledger
from gateway.ledger.audit import verify_journal
from gateway.ledger.export import Selection, export_bundle
from gateway.ledger.journal import sequence
from gateway.ledger.log_reading import latest_checkpoint
from gateway.ledger.migrate import upgrade
from tests.integration.journal.databases import Database, bare
from tests.integration.journal.world import NOW, ORIGIN, RING, World, fill, sign


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Ledger, World]]:
    """A ledger that was migrated and filled."""
    with bare(request.param, tmp_path) as base:
        base.run(upgrade)
        world = fill(base)
        opened = await Ledger.open(base.url.replace("+asyncpg", ""))
        yield opened, world
        await opened.close()


async def test_a_migrated_ledger_keeps_a_journal_that_verifies(ledger: tuple[Ledger, World]) -> None:
    opened, _ = ledger
    assert await opened.write(sequence, 100, NOW, sign) == 0
    report = await opened.read(verify_journal, RING.trusted, ORIGIN)
    assert (report.findings, report.size) == ((), 13)


async def test_a_checkpoint_taken_away_can_be_held_against_the_journal_later(ledger: tuple[Ledger, World]) -> None:
    opened, _ = ledger
    kept = await opened.read(latest_checkpoint)
    assert kept is not None
    report = await opened.read(verify_journal, RING.trusted, ORIGIN, against=[kept.note])
    assert report.whole


async def test_a_bundle_is_written_from_a_transaction_that_cannot_write(
    ledger: tuple[Ledger, World], tmp_path: Path
) -> None:
    opened, world = ledger
    selection = Selection(report_id=world.report)
    done = await opened.read(export_bundle, tmp_path / "bukti.jsonl", selection, RING, NOW)
    assert (done.report.whole, done.report.attempts) == (True, 4)


def test_a_database_that_is_made_here_has_an_address(tmp_path: Path) -> None:
    with bare("sqlite", tmp_path) as base:
        assert isinstance(base, Database)
        assert base.url.startswith("sqlite:///")
