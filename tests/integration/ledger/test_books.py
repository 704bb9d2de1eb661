"""The books balance, and say so when they do not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, delete, update

from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.intake import add_messages, park_inbound
from gateway.ledger.tables import handoffs, messages, parked
from gateway.ledger.values import NOWHERE, BalanceRow, WorkerRow
from gateway.ledger.workers import register
from schemas.handoff import HandoffState, ParkStage
from tests.integration.ledger.doing import brought_to, claim_all, keep
from tests.integration.ledger.making import (
    CHANNEL,
    MINISTRY,
    SP4N,
    a_later_message,
    a_report,
    a_worker,
    an_unreadable_part,
)
from tests.integration.ledgers import OpenLedger


async def test_an_empty_ledger_balances(ledger: Ledger) -> None:
    assert await ledger.read(balance) == []


async def test_every_state_is_counted(ledger: Ledger, worker: WorkerRow) -> None:
    for state in (HandoffState.DELIVERED, HandoffState.PARKED, HandoffState.UNCERTAIN, HandoffState.PENDING):
        await brought_to(ledger, worker, state, a_report(f"wamid.{state}", SP4N))
    await keep(ledger, a_report("wamid.both", SP4N, MINISTRY), a_report("wamid.held", parked=ParkStage.SCREEN))
    await ledger.group(park_inbound, an_unreadable_part("a"))

    assert await ledger.read(balance) == [
        BalanceRow(CHANNEL, NOWHERE, 2, parked=2),
        BalanceRow(CHANNEL, MINISTRY, 1, pending=1),
        BalanceRow(CHANNEL, SP4N, 5, delivered=1, parked=1, uncertain=1, pending=2),
    ]


async def test_an_addition_is_owed_and_a_message_that_rides_along_is_not(ledger: Ledger, worker: WorkerRow) -> None:
    begun, waiting = a_report("wamid.1", SP4N), a_report("wamid.2", SP4N)
    await keep(ledger, begun, waiting)
    await claim_all(ledger, worker, begun)
    await ledger.group(add_messages, a_later_message("wamid.3", begun.report.id))
    await ledger.group(add_messages, a_later_message("wamid.4", waiting.report.id))

    assert await ledger.read(balance) == [BalanceRow(CHANNEL, SP4N, 3, pending=3)]


async def spoil(ledger: Ledger, statement: Any) -> list[BalanceRow]:
    def act(conn: Connection) -> None:
        conn.execute(statement)

    await ledger.write(act)
    return [row for row in await ledger.read(balance) if row.difference != 0]


@pytest.mark.parametrize(
    ("statement", "destination", "difference"),
    [
        (delete(handoffs).where(handoffs.c.state == "delivered"), SP4N, 1),
        (update(handoffs).values(state="lost").where(handoffs.c.state == "pending"), MINISTRY, 1),
        (update(messages).values(routed=None).where(messages.c.routed == MINISTRY), MINISTRY, -1),
        (delete(parked).where(parked.c.stage == "screen"), NOWHERE, 1),
        (update(parked).values(state="lost").where(parked.c.stage == "parse"), NOWHERE, 1),
    ],
)
async def test_what_is_missing_or_too_many_is_seen(
    open_ledger: OpenLedger, statement: Any, destination: str, difference: int
) -> None:
    ledger, worker = await open_ledger(), a_worker()
    await ledger.write(register, worker)
    await brought_to(ledger, worker, HandoffState.DELIVERED, a_report("wamid.1", SP4N))
    await keep(ledger, a_report("wamid.2", MINISTRY), a_report("wamid.3", parked=ParkStage.SCREEN))
    await ledger.group(park_inbound, an_unreadable_part("a"))

    wrong = await spoil(ledger, statement)

    assert [(row.destination, row.difference) for row in wrong] == [(destination, difference)]


async def test_a_report_that_is_neither_owed_nor_parked_is_seen(open_ledger: OpenLedger) -> None:
    ledger = await open_ledger()
    await keep(ledger, a_report("wamid.1"))

    assert await ledger.read(balance) == [BalanceRow(CHANNEL, NOWHERE, 1)]
