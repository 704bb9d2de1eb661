"""What a worker reads for its metrics: how much is due and since when, what is set aside, how the journal is."""

from __future__ import annotations

from gateway.ledger import Ledger
from gateway.ledger.destinations import pause
from gateway.ledger.journal import sequence
from gateway.ledger.measures import Verified, keep_verification, last_verification, measured
from gateway.ledger.values import WorkerRow
from gateway.metrics import Metrics
from schemas.handoff import HandoffState, ParkStage
from tests.integration.installation import until
from tests.integration.journal.world import sign
from tests.integration.ledger.doing import brought_to, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_report

ORIGIN = "uji.example/journal"


async def test_an_empty_ledger_measures_as_nothing(ledger: Ledger) -> None:
    found = await ledger.read(measured, NOW, ORIGIN)
    assert (found.due, found.paused, found.set_aside, found.workers) == ({}, frozenset(), {}, 0)
    assert (found.checkpoint, found.unsigned_since, found.verified) == (None, None, None)


async def test_what_is_due_paused_and_set_aside_is_told(ledger: Ledger, worker: WorkerRow) -> None:
    await keep(
        ledger,
        a_report("wamid.1", SP4N),
        a_report("wamid.2", SP4N, MINISTRY, due_at=LATER),
        a_report("wamid.3", parked=ParkStage.SCREEN),
    )
    await ledger.write(pause, MINISTRY, "uji", "pemeliharaan", NOW)
    found = await ledger.read(measured, LATER, ORIGIN)
    assert (found.due, found.paused) == ({SP4N: (1, NOW)}, frozenset({MINISTRY}))
    assert (found.set_aside, found.workers) == ({"screen": 1}, 1)


async def test_the_journal_is_unsigned_and_then_signed(ledger: Ledger, worker: WorkerRow) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    assert (await ledger.read(measured, LATER, ORIGIN)).unsigned_since == LATER

    async def signed() -> bool:
        await ledger.write(sequence, 1000, LATER, sign)
        return (await ledger.read(measured, LATER, ORIGIN)).checkpoint == (2, LATER)

    await until(signed)


async def test_the_last_verification_counts(ledger: Ledger) -> None:
    await ledger.write(keep_verification, "ani", ORIGIN, 10, NOW, True)
    await ledger.write(keep_verification, "ani", ORIGIN, 12, LATER, False)
    await ledger.write(keep_verification, "ani", "another/journal", 12, LATER, True)
    assert await ledger.read(last_verification, ORIGIN) == Verified(LATER, whole=False)


async def test_the_metrics_say_what_was_measured_and_no_verdict_before_one(ledger: Ledger) -> None:
    metrics = Metrics()
    await keep(ledger, a_report("wamid.1", SP4N))
    metrics.show_measured(await ledger.read(measured, LATER, ORIGIN), [SP4N, MINISTRY], LATER)
    before = metrics.exposition().decode()
    assert 'sp4n_gateway_oldest_due_seconds{destination="sp4n"} 300.0' in before
    assert 'sp4n_gateway_due_handoffs{destination="kemenkes"} 0.0' in before
    assert "journal_whole" not in before
    await ledger.write(keep_verification, "ani", ORIGIN, 12, LATER, False)
    for _ in range(2):
        metrics.show_measured(await ledger.read(measured, LATER, ORIGIN), [SP4N], LATER)
    assert "sp4n_gateway_journal_whole 0.0" in metrics.exposition().decode()
