"""Which reports were not delivered or not answered in time: each cause, each once, none too early."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from gateway.ledger import Ledger
from gateway.ledger.cases import keep_events
from gateway.ledger.inbox import mark_not_collected
from gateway.ledger.non_deliveries import Undelivered, report_non_delivery, untold_non_deliveries
from gateway.ledger.tables import handoffs
from gateway.ledger.values import WorkerRow
from gateway.ledger.watching import begin_watches
from schemas.handoff import HandoffState
from tests.integration.ledger.doing import brought_to, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, a_report
from tests.integration.ledger.test_cases import delivered, event
from tests.integration.ledger.test_clocks import strike

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


async def untold(ledger: Ledger, now: datetime) -> list[Undelivered]:
    return await ledger.read(untold_non_deliveries, now, DAY, 10)


async def causes(ledger: Ledger, now: datetime) -> list[str]:
    return [one.cause for one in await untold(ledger, now)]


def give_up(conn: Connection) -> None:
    conn.execute(update(handoffs).values(reason="horizon_reached"))


async def test_what_was_given_up_at_its_horizon_is_told_at_once(ledger: Ledger, worker: WorkerRow) -> None:
    await brought_to(ledger, worker, HandoffState.PARKED, a_report("m1", MINISTRY))
    await ledger.write(give_up)
    assert await causes(ledger, LATER) == ["horizon_reached"]
    assert await causes(ledger, LATER + 3 * DAY) == ["horizon_reached"]


async def test_what_nobody_fetched_in_time_is_told_at_once(ledger: Ledger) -> None:
    await keep(ledger, a_report("m1", MINISTRY))
    assert await causes(ledger, LATER) == []
    await ledger.write(mark_not_collected, MINISTRY, LATER)
    [found] = await untold(ledger, LATER)
    assert (found.cause, found.destination, found.report.id) == ("not_collected", MINISTRY, found.key.subject_id)


@pytest.mark.parametrize(("state", "cause"), [(HandoffState.PARKED, "refused"), (HandoffState.UNCERTAIN, "uncertain")])
async def test_what_people_may_mend_is_told_a_day_later(
    ledger: Ledger, worker: WorkerRow, state: HandoffState, cause: str
) -> None:
    handoff = await brought_to(ledger, worker, state, a_report("m1", MINISTRY))
    assert await causes(ledger, handoff.updated_at + DAY) == []
    assert await causes(ledger, handoff.updated_at + DAY + MINUTE) == [cause]


async def test_an_agency_that_does_not_act_in_time_is_told_of_once_for_each_clock(
    ledger: Ledger, worker: WorkerRow
) -> None:
    handoff = await delivered(ledger, worker, destination=MINISTRY)
    await ledger.write(begin_watches, LATER, {}, 10)
    await strike(ledger, NOW + 3 * DAY)
    assert await causes(ledger, NOW + 3 * DAY) == []
    await strike(ledger, NOW + 5 * DAY)
    [found] = await untold(ledger, NOW + 5 * DAY)
    assert (found.cause, found.handoff_id) == ("clock_verification", handoff.id)
    assert await ledger.write(report_non_delivery, found, None, NOW + 5 * DAY)
    assert not await ledger.write(report_non_delivery, found, None, NOW + 5 * DAY)
    await ledger.write(keep_events, [event(handoff, "a", "Terverifikasi", at=NOW + 6 * DAY, received_at=NOW + 6 * DAY)])
    await strike(ledger, NOW + 40 * DAY)
    assert sorted(await causes(ledger, NOW + 40 * DAY)) == ["clock_first_followup", "clock_resolution"]
    assert await causes(ledger, NOW + 60 * DAY) == []


async def test_what_went_well_or_waits_its_turn_is_not_told(ledger: Ledger, worker: WorkerRow) -> None:
    await delivered(ledger, worker)
    await brought_to(ledger, worker, HandoffState.PENDING, a_report("m2", MINISTRY))
    assert await causes(ledger, NOW + 30 * DAY) == []
