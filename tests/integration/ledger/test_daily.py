"""The report of a day is counted from what lies between two moments."""

from __future__ import annotations

from datetime import timedelta

from gateway.daily.day import Cause, day_of
from gateway.ledger import Ledger
from gateway.ledger.daily import read_day
from gateway.ledger.workers import register
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to
from tests.integration.ledger.making import NOW, SP4N, a_report, a_worker


async def test_what_came_in_and_what_became_of_it_is_counted_for_its_day_only(ledger: Ledger) -> None:
    worker = a_worker()
    await ledger.write(register, worker)
    parked = await brought_to(ledger, worker, HandoffState.PARKED, a_report("wamid.1", SP4N))
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.2", SP4N))
    today = day_of(parked.created_at)
    found = await ledger.read(read_day, today, NOW)
    after = await ledger.read(read_day, today + timedelta(days=1), NOW)
    assert (found.received, found.handoffs) == (2, {SP4N: {"delivered": 1, "parked": 1}})
    assert (found.causes, sum(found.outcomes[SP4N].values())) == ((Cause(SP4N, parked.reason or "", 1),), 2)
    assert (after.received, after.handoffs, after.before) == (0, {}, (2, 0, 0, 0, 0, 0, 0))
