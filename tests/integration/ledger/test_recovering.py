"""What waited because its destination was down is due in its old place; what waits for anything else waits on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, update

from gateway.ledger import Ledger
from gateway.ledger.claims import due
from gateway.ledger.recovering import bring_forward
from gateway.ledger.tables import handoffs as table
from gateway.ledger.values import HandoffRow, WorkerRow
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to, handoff, keep
from tests.integration.ledger.making import MINISTRY, NOW, SP4N, a_report

HOUR = timedelta(hours=1)
AT, DUE, BEGAN = NOW + 72 * HOUR, NOW + 78 * HOUR, NOW + 10 * HOUR
REASONS = ("connect_refused", "read_timeout")


async def waiting(
    ledger: Ledger, worker: WorkerRow, name: str, *, place: str = SP4N, priority: int = 1, **row: Any
) -> HandoffRow:
    """A handoff that failed and waits until `DUE`, as it stands in the ledger but for what is named."""
    report = a_report(name, place, priority=priority)
    found = await brought_to(ledger, worker, HandoffState.PENDING, report)
    facts = {"reason": "connect_refused", "due_at": DUE, "clock_from": BEGAN, "updated_at": NOW + 71 * HOUR, **row}

    def put(conn: Connection) -> None:
        conn.execute(update(table).where(table.c.id == found.id).values(**facts))

    await ledger.write(put)
    return await handoff(ledger, found.id)


async def brought(ledger: Ledger, *, limit: int = 100) -> int:
    return await ledger.write(bring_forward, SP4N, REASONS, AT - HOUR / 60, AT, limit)


async def test_what_failed_because_its_destination_was_down_is_due_since_it_was_made(
    ledger: Ledger, worker: WorkerRow
) -> None:
    was = await waiting(ledger, worker, "wamid.1")
    assert await brought(ledger) == 1
    now = await handoff(ledger, was.id)
    assert now == replace(was, due_at=was.created_at, clock_from=BEGAN - (AT - was.created_at))
    assert await brought(ledger) == 0


async def test_its_retry_clock_has_run_neither_more_nor_less_when_it_is_worked_on(
    ledger: Ledger, worker: WorkerRow
) -> None:
    was = await waiting(ledger, worker, "wamid.1")
    await brought(ledger)
    now = await handoff(ledger, was.id)
    assert now.due_at is not None
    assert now.clock_from + (AT - now.due_at) == BEGAN


async def test_it_comes_before_what_is_younger_and_after_what_is_more_urgent(ledger: Ledger, worker: WorkerRow) -> None:
    old = await waiting(ledger, worker, "wamid.1")
    young = a_report("wamid.2", SP4N, at=NOW + HOUR)
    await keep(ledger, young)
    urgent = await waiting(ledger, worker, "wamid.3", priority=0)
    await brought(ledger)
    found = await ledger.write(due, AT, AT, 10)
    assert [one.id for one in found] == [urgent.id, old.id, young.handoffs[0].id]


async def test_a_server_error_is_over_too(ledger: Ledger, worker: WorkerRow) -> None:
    await waiting(ledger, worker, "wamid.1", reason="http_503")
    assert await brought(ledger) == 1


async def test_who_waits_for_anything_else_waits_on(ledger: Ledger, worker: WorkerRow) -> None:
    rows = [
        await waiting(ledger, worker, "wamid.1", reason="http_429"),
        await waiting(ledger, worker, "wamid.2", reason="awaiting_ack"),
        await waiting(ledger, worker, "wamid.3", step_tries=0),
        await waiting(ledger, worker, "wamid.4", place=MINISTRY),
        await waiting(ledger, worker, "wamid.5", uncertain_step="complaint", updated_at=AT - HOUR / 120),
        await waiting(ledger, worker, "wamid.6", state="parked"),
    ]
    assert await brought(ledger) == 0
    assert [await handoff(ledger, row.id) for row in rows] == rows


async def test_what_may_have_arrived_is_asked_about_once_its_destination_can_know_it(
    ledger: Ledger, worker: WorkerRow
) -> None:
    await waiting(ledger, worker, "wamid.1", uncertain_step="complaint")
    assert await brought(ledger) == 1


async def test_no_more_are_taken_at_once_than_are_asked_for_the_urgent_first(ledger: Ledger, worker: WorkerRow) -> None:
    usual = await waiting(ledger, worker, "wamid.1")
    urgent = await waiting(ledger, worker, "wamid.2", priority=0)
    assert await brought(ledger, limit=1) == 1
    assert [(await handoff(ledger, row.id)).due_at for row in (urgent, usual)] == [urgent.created_at, DUE]
