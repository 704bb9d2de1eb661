"""Each attempt has its report's channel beside it; those from before get it bit by bit, and only those."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, select, update

from gateway.catching_up import CatchingUp
from gateway.ledger import Ledger
from gateway.ledger.attempts import begin_attempts
from gateway.ledger.delivery_log import read_log
from gateway.ledger.log_filter import LogFilter
from gateway.ledger.tables import attempts, handoffs
from gateway.ledger.unfilled import fill_channels
from gateway.ledger.values import Begin, WorkerRow
from tests.integration.ledger.doing import begin, claim_all, column, keep
from tests.integration.ledger.log_rows import LogRows, log_rows
from tests.integration.ledger.making import MINISTRY, SP4N, a_report, an_attempt
from tests.integration.ledgers import OpenLedger

FIRST = UUID(int=0)


@pytest.fixture
async def before(open_ledger: OpenLedger) -> tuple[Ledger, LogRows]:
    """A ledger from before: no attempt has its channel."""
    ledger, rows = await open_ledger(), log_rows(11)
    await ledger.write(rows.put)
    await ledger.write(lambda conn: conn.execute(update(attempts).values(channel=None)))
    return ledger, rows


async def channels(ledger: Ledger) -> dict[UUID, str | None]:
    """The channel that each attempt is noted under."""

    def noted(conn: Connection) -> dict[UUID, str | None]:
        return {row.id: row.channel for row in conn.execute(select(attempts.c.id, attempts.c.channel))}

    return await ledger.read(noted)


def theirs(rows: LogRows) -> dict[UUID, str | None]:
    """The channel that each attempt's report came through."""
    return {each["id"]: rows.handoffs[each["handoff_id"]]["channel"] for each in rows.attempts}


async def test_an_attempt_that_begins_notes_its_reports_channel(ledger: Ledger, worker: WorkerRow) -> None:
    reports = [a_report(f"wamid.{name}", SP4N, MINISTRY, channel=name) for name in ("sms", "desk")]
    await keep(ledger, *reports)
    made = [await begin(ledger, each, worker) for each in await claim_all(ledger, worker, *reports)]
    expected = {each.report.id: each.report.channel for each in reports}
    assert await channels(ledger) == {each.id: expected[each.report_id] for each in made}


async def test_those_that_begin_together_each_note_their_own(ledger: Ledger, worker: WorkerRow) -> None:
    reports = [a_report(f"wamid.{name}", SP4N, channel=name) for name in ("sms", "desk")]
    await keep(ledger, *reports)
    made = [an_attempt(each, worker.id) for each in await claim_all(ledger, worker, *reports)]
    nobodys = Begin(**{name: getattr(made[0], name) for name in Begin.__slots__} | {"handoff_id": FIRST})
    assert await ledger.write(begin_attempts, [*made, nobodys]) == [True, True, False]
    assert sorted(await column(ledger, attempts, "channel")) == ["desk", "sms"]


async def test_attempts_from_before_get_their_channel_bit_by_bit(before: tuple[Ledger, LogRows]) -> None:
    ledger, rows = before
    last: UUID | None = FIRST
    ends = []
    while last is not None:
        last = await ledger.write(fill_channels, last, 5)
        ends.append(last)
    ids = sorted(theirs(rows))
    assert ends == [*ids[4::5], *([ids[-1]] if len(ids) % 5 else []), None]
    assert await channels(ledger) == theirs(rows)


async def test_a_channel_that_is_there_is_left_alone(before: tuple[Ledger, LogRows]) -> None:
    ledger, rows = before
    noted = rows.attempts[0]["id"]
    await ledger.write(
        lambda conn: conn.execute(update(attempts).where(attempts.c.id == noted).values(channel="noted"))
    )
    await ledger.write(fill_channels, FIRST, 1000)
    assert await channels(ledger) == theirs(rows) | {noted: "noted"}


async def test_the_log_is_right_until_all_are_filled_in(before: tuple[Ledger, LogRows]) -> None:
    ledger, rows = before
    asked = [
        LogFilter(channel=channel, destination=destination)
        for channel in ("desk", "sms-1708", "closed")
        for destination in (None, SP4N)
    ]
    last: UUID | None = FIRST
    while last is not None:
        last = await ledger.write(fill_channels, last, 7)
        found = [[line.attempt.id for line in await ledger.read(read_log, each, None, 50, 3)] for each in asked]
        assert found == [rows.fitting(each) for each in asked]


async def test_the_chore_stops_once_nothing_is_left(before: tuple[Ledger, LogRows]) -> None:
    ledger, rows = before
    chore = CatchingUp(ledger, rows=2)
    await chore.go_on()
    assert sum(each is not None for each in (await channels(ledger)).values()) == min(20, len(rows.attempts))
    while not chore.is_done:
        await chore.go_on()
    await ledger.close()
    await chore.go_on()  # it asks nothing of the ledger any more


async def test_what_an_older_version_adds_meanwhile_is_filled_in_too(before: tuple[Ledger, LogRows]) -> None:
    ledger, rows = before
    chore = CatchingUp(ledger, rows=2)
    await chore.go_on()
    forget = update(attempts).where(attempts.c.id == min(theirs(rows))).values(channel=None)
    await ledger.write(lambda conn: conn.execute(forget))
    while not chore.is_done:
        await chore.go_on()
    assert await channels(ledger) == theirs(rows)


async def test_an_attempt_without_its_handoff_does_not_keep_the_chore_going(before: tuple[Ledger, LogRows]) -> None:
    ledger, rows = before
    orphan = rows.attempts[0]["handoff_id"]
    await ledger.write(lambda conn: conn.execute(delete(handoffs).where(handoffs.c.id == orphan)))
    chore = CatchingUp(ledger)
    await chore.go_on()
    assert chore.is_done


async def test_two_workers_fill_in_side_by_side(before: tuple[Ledger, LogRows]) -> None:
    ledger, rows = before
    chores = [CatchingUp(ledger, rows=2) for _ in range(2)]
    while not all(chore.is_done for chore in chores):
        await asyncio.gather(*(chore.go_on() for chore in chores))
    assert await channels(ledger) == theirs(rows)
