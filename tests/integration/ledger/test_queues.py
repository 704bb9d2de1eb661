"""What waits for a person is grouped by its cause; a redrive that has not begun can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gateway.ledger import Ledger
from gateway.ledger.activity import attempts_since, last_success, latencies, reports_since
from gateway.ledger.attempts import end_attempts
from gateway.ledger.claims import claim
from gateway.ledger.queues import HORIZON, CauseFilter, Waiting, causes, codes_of, handoffs_waiting, waiting
from gateway.ledger.repairs import redrive
from gateway.ledger.undoing import take_back
from gateway.ledger.values import HandoffRow, WorkerRow
from schemas.handoff import HandoffState, OutcomeKind, ParkStage
from tests.integration.ledger.doing import begin, brought_to, claim_all, handoff, keep
from tests.integration.ledger.making import CHANNEL, LATER, NOW, SP4N, a_change, a_report, an_end

AGAIN = LATER + timedelta(hours=1)


async def parked(ledger: Ledger, worker: WorkerRow, name: str, reason: str, error: str | None = None) -> HandoffRow:
    """A handoff that is parked for a reason; `error` is what its last attempt came to, the same if not given."""
    report = a_report(name, SP4N)
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    attempt = await begin(ledger, claimed, worker)
    change = replace(a_change(HandoffState.PARKED), stage=ParkStage.DELIVER, reason=reason)
    end = an_end(attempt, change)
    outcome = replace(end.result, outcome=OutcomeKind.DEFERRED, reason=error or reason)
    await ledger.write(end_attempts, [replace(end, result=outcome)])
    return await handoff(ledger, claimed.handoff.id)


async def test_causes_are_counted_the_most_frequent_first(ledger: Ledger, worker: WorkerRow) -> None:
    for name in ("a", "b"):
        await parked(ledger, worker, name, "http_422")
    await parked(ledger, worker, "c", "http_400")
    found = await ledger.read(causes, HandoffState.PARKED)
    assert [(one.destination, one.reason, one.error, one.count) for one in found] == [
        (SP4N, "http_422", "", 2),
        (SP4N, "http_400", "", 1),
    ]


async def test_where_time_ran_out_the_last_error_is_the_cause(ledger: Ledger, worker: WorkerRow) -> None:
    row = await parked(ledger, worker, "a", HORIZON, "tls_failed")
    await parked(ledger, worker, "b", HORIZON, "http_503")
    found = await ledger.read(causes, HandoffState.PARKED)
    wanted = CauseFilter(SP4N, HORIZON, "tls_failed")
    chosen = await ledger.read(handoffs_waiting, HandoffState.PARKED, wanted, None, 10)
    assert ({one.error for one in found}, [one.id for one in chosen]) == ({"tls_failed", "http_503"}, [row.id])


async def test_a_queue_is_read_in_pages(ledger: Ledger, worker: WorkerRow) -> None:
    rows = [await parked(ledger, worker, name, "http_422") for name in ("a", "b", "c")]
    first = await ledger.read(handoffs_waiting, HandoffState.PARKED, CauseFilter(), None, 2)
    rest = await ledger.read(handoffs_waiting, HandoffState.PARKED, CauseFilter(), first[-1].id, 2)
    assert [row.id for row in (*first, *rest)] == sorted((row.id for row in rows), reverse=True)


async def test_what_waits_is_counted(ledger: Ledger, worker: WorkerRow) -> None:
    await parked(ledger, worker, "a", "http_422")
    await brought_to(ledger, worker, HandoffState.UNCERTAIN, a_report("b", SP4N))
    await keep(ledger, a_report("c", parked=ParkStage.SCREEN))
    assert await ledger.read(waiting) == Waiting(parked=1, uncertain=1, set_aside=1)


async def test_a_redrive_is_taken_back_as_it_was(ledger: Ledger, worker: WorkerRow) -> None:
    before = await parked(ledger, worker, "a", "http_422")
    await ledger.write(redrive, [before.id], "ani", LATER)
    count = await ledger.write(take_back, LATER, "ani", "budi", AGAIN)
    after = await handoff(ledger, before.id)
    assert (count, after.state, after.stage, after.reason, after.due_at) == (
        1,
        HandoffState.PARKED,
        ParkStage.DELIVER,
        "http_422",
        None,
    )


async def test_what_a_worker_has_in_hand_is_not_taken_back(ledger: Ledger, worker: WorkerRow) -> None:
    one, other = [await parked(ledger, worker, name, "http_422") for name in ("a", "b")]
    await ledger.write(redrive, [one.id, other.id], "ani", LATER)
    await ledger.write(claim, [one.id], worker.id, LATER)
    assert await ledger.write(take_back, LATER, "ani", "ani", AGAIN) == 1
    states = [(await handoff(ledger, each.id)).state for each in (one, other)]
    assert states == [HandoffState.PENDING, HandoffState.PARKED]


async def test_only_that_redrive_is_taken_back(ledger: Ledger, worker: WorkerRow) -> None:
    row = await parked(ledger, worker, "a", "http_422")
    await ledger.write(redrive, [row.id], "ani", LATER)
    others = [(LATER, "budi"), (LATER + timedelta(microseconds=1), "ani")]
    assert [await ledger.write(take_back, at, by, "ani", AGAIN) for at, by in others] == [0, 0]


async def test_what_was_done_of_late_is_counted(ledger: Ledger, worker: WorkerRow) -> None:
    await parked(ledger, worker, "a", "http_422")
    row = await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("b", SP4N))
    attempts = await ledger.read(attempts_since, NOW - timedelta(days=1))
    reports = await ledger.read(reports_since, NOW - timedelta(days=1))
    assert (attempts, reports) == (
        {(SP4N, "deferred"): 1, (SP4N, "delivered"): 1},
        {(CHANNEL, "accept"): 2},
    )
    assert len(await ledger.read(latencies, SP4N, 10)) == 2
    assert await ledger.read(last_success, SP4N) is not None
    assert set(await ledger.read(codes_of, [row.report_id])) == {row.report_id}
