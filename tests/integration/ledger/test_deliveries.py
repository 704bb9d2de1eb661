"""Whoever follows the deliveries sees each once and misses none, also those that commit out of turn."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from gateway.ledger import Ledger
from gateway.ledger.attempts import insert_results
from gateway.ledger.deliveries import (
    Delivery,
    Place,
    count_verdicts,
    deliveries_after,
    last_deliveries,
    newest_delivery,
)
from gateway.ledger.values import Claimed, WorkerRow
from schemas.handoff import HandoffState, OutcomeKind
from tests.integration.installation import until
from tests.integration.ledger.doing import begin, brought_to
from tests.integration.ledger.making import CHANNEL, MINISTRY, SP4N, a_report, a_result


async def seen(ledger: Ledger, count: int, place: Place | None = None) -> list[Delivery]:
    """So many deliveries after a place, once no older transaction of the server runs any more."""
    found: list[Delivery] = []

    async def enough() -> bool:
        found[:] = await ledger.read(deliveries_after, place or Place())
        return len(found) >= count

    await until(enough)
    return found


async def test_every_result_is_one_delivery_beside_its_report(ledger: Ledger, worker: WorkerRow) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    await brought_to(ledger, worker, HandoffState.PARKED, a_report("wamid.2", MINISTRY))
    found = await seen(ledger, 2)
    assert [(one.destination, one.outcome, one.state) for one in found] == [
        (SP4N, "delivered", "delivered"),
        (MINISTRY, "refused", "parked"),
    ]
    assert {one.channel for one in found} == {CHANNEL}
    assert (found[0].reference, found[0].told) == ("12345", "delivered http_200")


async def test_going_on_from_a_delivery_gives_only_later_ones(ledger: Ledger, worker: WorkerRow) -> None:
    for number in range(4):
        await brought_to(ledger, worker, HandoffState.DELIVERED, a_report(f"wamid.{number}", SP4N))
    every = await seen(ledger, 4)
    assert await ledger.read(deliveries_after, every[1].place) == every[2:]
    assert await ledger.read(deliveries_after, every[-1].place) == []
    assert await ledger.read(newest_delivery) == every[-1].place
    assert await ledger.read(last_deliveries, 2) == every[2:]


async def test_one_destination_can_be_followed_alone(ledger: Ledger, worker: WorkerRow) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.2", MINISTRY))
    await seen(ledger, 2)
    assert [one.destination for one in await ledger.read(deliveries_after, Place(), MINISTRY)] == [MINISTRY]
    assert [one.destination for one in await ledger.read(last_deliveries, 5, SP4N)] == [SP4N]


async def test_an_empty_ledger_has_a_place_to_begin_at(ledger: Ledger) -> None:
    assert await ledger.read(newest_delivery) == Place()
    assert await ledger.read(deliveries_after, Place()) == []


async def test_reports_are_counted_by_channel_and_verdict(ledger: Ledger, worker: WorkerRow) -> None:
    for number in range(3):
        await brought_to(ledger, worker, HandoffState.DELIVERED, a_report(f"wamid.{number}", SP4N))
    assert await ledger.read(count_verdicts) == [(CHANNEL, "accept", 3)]


@pytest.mark.postgresql
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_a_delivery_that_commits_late_is_not_passed_over(
    ledger: Ledger, ledger_url: str, worker: WorkerRow, claimed: Claimed
) -> None:
    engine = create_async_engine(ledger_url.replace("postgresql://", "postgresql+asyncpg://"))
    try:
        attempt = await begin(ledger, claimed, worker)
        async with engine.connect() as slow:
            await slow.execute(select(1))  # begins the transaction: the driver is then asked without SQLAlchemy
            await slow.run_sync(insert_results, [a_result(attempt.id, OutcomeKind.DEFERRED)])
            await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.9", MINISTRY))
            assert await ledger.read(deliveries_after, Place()) == []
            await slow.commit()
        assert [one.destination for one in await seen(ledger, 2)] == [SP4N, MINISTRY]
    finally:
        await engine.dispose()
