"""Notices are owed once, to channels that can answer and reporters who want to be told, and are booked."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert

from gateway.ledger import Ledger
from gateway.ledger.books import balance
from gateway.ledger.channels import add_channel, close_channel
from gateway.ledger.claims import claim, due
from gateway.ledger.intake import add_messages
from gateway.ledger.notices import call_off, count_asked, find_asked, owe_notices, park_notices
from gateway.ledger.repairs import erase_report
from gateway.ledger.tables import opt_outs, reply_addresses
from gateway.ledger.values import BalanceRow, ChannelRow, NewNotice, NewReport, NoticeCase, WorkerRow
from schemas.handoff import HandoffKind, HandoffState
from schemas.notice import NoticePurpose
from tests.integration.ledger.doing import begin, end, handoff, handoffs, keep
from tests.integration.ledger.making import CHANNEL, LATER, NOW, SP4N, a_later_message, a_report, hashed, new_id

AT_CHANNEL = f"@{CHANNEL}"


@pytest.fixture
async def report(ledger: Ledger) -> NewReport:
    """A report of a channel that can answer."""
    channel = ChannelRow(CHANNEL, "whatsapp", NOW, {}, answers=True)
    await ledger.write(add_channel, channel, "ani")
    made = a_report("wamid.1", SP4N, conversation="ibu Sri")
    await keep(ledger, made)
    return made


def a_notice(report: NewReport, key: str = "first", *, at: datetime = NOW, **named: Any) -> NewNotice:
    values: dict[str, Any] = {
        "id": new_id(at),
        "report_id": report.report.id,
        "channel": CHANNEL,
        "purpose": NoticePurpose.STATUS_CHANGED,
        "key": key,
        "sealed_notice": f"sealed {key}".encode(),
        "created_at": at,
        "due_at": at,
    }
    return NewNotice(**(values | named))


async def owe(ledger: Ledger, *notices: NewNotice) -> list[bool]:
    return await ledger.write(owe_notices, notices)


async def execute(ledger: Ledger, statement: Any) -> None:
    def act(conn: Connection) -> None:
        conn.execute(statement)

    await ledger.write(act)


async def test_a_notice_is_a_handoff_to_the_channel_and_stands_in_the_books(ledger: Ledger, report: NewReport) -> None:
    notice = a_notice(report, due_at=LATER, priority=0)

    assert await owe(ledger, notice) == [True]

    made = await handoff(ledger, notice.id)
    assert (made.destination, made.kind, made.state) == (AT_CHANNEL, HandoffKind.NOTICE, HandoffState.PENDING)
    assert (made.channel, made.due_at, made.priority) == (CHANNEL, LATER, 0)
    assert await ledger.read(balance) == [
        BalanceRow(CHANNEL, AT_CHANNEL, 1, pending=1),
        BalanceRow(CHANNEL, SP4N, 1, pending=1),
    ]


async def test_the_same_purpose_and_key_are_owed_once(ledger: Ledger, report: NewReport) -> None:
    first = a_notice(report)
    assert await owe(ledger, first) == [True]

    again = [a_notice(report), a_notice(report, "second"), a_notice(report, purpose=NoticePurpose.QUESTION)]

    assert await owe(ledger, *again) == [False, True, True]
    assert await owe(ledger, first) == [True]
    assert len(await handoffs(ledger, destination=AT_CHANNEL)) == 3


async def test_two_who_owe_the_same_at_once_owe_it_once(ledger: Ledger, report: NewReport) -> None:
    answers = await asyncio.gather(*(owe(ledger, a_notice(report)) for _ in range(5)))

    assert sorted(answers) == [[False]] * 4 + [[True]]


async def test_nothing_is_owed_to_a_channel_that_cannot_answer(ledger: Ledger) -> None:
    await ledger.write(add_channel, ChannelRow(CHANNEL, "whatsapp", NOW, {}), "ani")
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)

    assert await owe(ledger, a_notice(report)) == [False]


async def test_nothing_is_owed_to_a_closed_channel_or_about_an_erased_report(ledger: Ledger, report: NewReport) -> None:
    other = a_report("wamid.2", SP4N)
    await keep(ledger, other)
    await ledger.write(erase_report, other.report.id, "ani", NOW)
    assert await owe(ledger, a_notice(other)) == [False]

    await ledger.write(close_channel, CHANNEL, "ani", NOW)
    assert await owe(ledger, a_notice(report)) == [False]


async def test_whoever_wants_no_notices_still_gets_answers(ledger: Ledger, report: NewReport) -> None:
    await execute(ledger, insert(opt_outs).values(conversation_key=hashed("ibu Sri"), since=NOW))

    notices = [a_notice(report), a_notice(report, purpose=NoticePurpose.STATUS_TOLD)]

    assert await owe(ledger, *notices) == [False, True]


async def test_a_newer_notice_of_a_burst_takes_the_place_of_the_one_before(ledger: Ledger, report: NewReport) -> None:
    first = a_notice(report, "first", burst_key="kemenkes", due_at=NOW + timedelta(minutes=5))
    second = a_notice(report, "second", at=LATER, burst_key="kemenkes", due_at=LATER + timedelta(minutes=5))
    other = a_notice(report, "third", at=LATER, burst_key="sp4n", due_at=LATER + timedelta(minutes=5))

    await owe(ledger, first)
    await owe(ledger, second, other)

    states = [(await handoff(ledger, each.id)).state for each in (first, second, other)]
    assert states == [HandoffState.CANCELLED, HandoffState.PENDING, HandoffState.PENDING]
    assert (await handoff(ledger, first.id)).reason == "superseded"
    assert (await handoff(ledger, second.id)).due_at == first.due_at


async def test_what_is_being_told_is_not_superseded(ledger: Ledger, report: NewReport, worker: WorkerRow) -> None:
    first = a_notice(report, "first", burst_key="kemenkes")
    await owe(ledger, first)
    await ledger.write(claim, [first.id], worker.id, NOW)

    await owe(ledger, a_notice(report, "second", burst_key="kemenkes"))

    assert (await handoff(ledger, first.id)).state is HandoffState.PENDING


async def test_a_claimed_notice_brings_what_to_say_and_where(
    ledger: Ledger, report: NewReport, worker: WorkerRow
) -> None:
    address = {"report_id": report.report.id, "sealed_address": b"sealed address", "heard_at": NOW}
    await execute(ledger, insert(reply_addresses).values(**address))
    notice = a_notice(report)
    await owe(ledger, notice)

    (claimed,) = await ledger.write(claim, [notice.id], worker.id, NOW)

    assert claimed.notice == NoticeCase(b"sealed first", b"sealed address", NOW)
    assert (claimed.messages, claimed.report.id) == ((), report.report.id)


async def due_now(ledger: Ledger, at: datetime) -> list[UUID]:
    found = await ledger.write(due, at, at, 100, {AT_CHANNEL: 100})
    return [one.id for one in found]


async def test_notices_of_a_report_go_in_their_order(ledger: Ledger, report: NewReport) -> None:
    first, second = a_notice(report, "first"), a_notice(report, "second")
    await owe(ledger, first, second)

    assert await due_now(ledger, NOW) == [first.id]


async def test_a_notice_that_waits_for_the_morning_holds_up_none(ledger: Ledger, report: NewReport) -> None:
    waits = a_notice(report, "first", due_at=NOW + timedelta(hours=6))
    now = a_notice(report, "second", at=LATER)
    await owe(ledger, waits, now)

    assert await due_now(ledger, LATER) == [now.id]


@pytest.mark.parametrize("state", [HandoffState.PARKED, HandoffState.UNCERTAIN])
async def test_a_notice_that_is_set_aside_holds_up_none(
    ledger: Ledger, report: NewReport, worker: WorkerRow, state: HandoffState
) -> None:
    stuck, after = a_notice(report, "first"), a_notice(report, "second")
    await owe(ledger, stuck)
    (claimed,) = await ledger.write(claim, [stuck.id], worker.id, NOW)
    await end(ledger, claimed, await begin(ledger, claimed, worker), state)
    await owe(ledger, after)

    assert await due_now(ledger, LATER) == [after.id]


async def test_what_is_owed_to_a_closed_channel_is_parked_with_the_reason(ledger: Ledger, report: NewReport) -> None:
    notice = a_notice(report)
    await owe(ledger, notice)

    assert await ledger.write(park_notices, [AT_CHANNEL], "channel_closed", LATER) == 1

    parked = await handoff(ledger, notice.id)
    assert (parked.state, parked.reason) == (HandoffState.PARKED, "channel_closed")
    assert (await handoffs(ledger, destination=SP4N))[0].state is HandoffState.PENDING


async def test_what_was_to_be_asked_can_be_called_off(ledger: Ledger, report: NewReport) -> None:
    asked, other = a_notice(report, purpose=NoticePurpose.ASKED), a_notice(report)
    await owe(ledger, asked, other)

    assert await ledger.write(call_off, report.report.id, NoticePurpose.ASKED, LATER) == 1

    assert [(await handoff(ledger, each.id)).state for each in (asked, other)] == [
        HandoffState.CANCELLED,
        HandoffState.PENDING,
    ]


async def test_askings_are_counted_by_report_and_by_day(ledger: Ledger, report: NewReport) -> None:
    other = a_report("wamid.2", SP4N, conversation="ibu Sri")
    await keep(ledger, other)
    yesterday = NOW - timedelta(days=1)
    notices = [
        a_notice(report, "1", at=yesterday, purpose=NoticePurpose.ASKED),
        a_notice(report, "2", purpose=NoticePurpose.ASKED),
        a_notice(other, "3", purpose=NoticePurpose.ASKED),
        a_notice(report, "4"),
    ]
    await owe(ledger, *notices)

    assert await ledger.read(count_asked, hashed("ibu Sri"), report.report.id, NOW) == (2, 2)
    assert await ledger.read(count_asked, hashed("pak Budi"), report.report.id, NOW) == (0, 0)


async def test_a_question_waits_until_something_is_written(ledger: Ledger, report: NewReport) -> None:
    sri = hashed("ibu Sri")
    assert await ledger.read(find_asked, sri, NOW) is None
    await owe(ledger, a_notice(report, "1"), a_notice(report, "2", at=LATER, purpose=NoticePurpose.QUESTION))

    assert await ledger.read(find_asked, sri, NOW) == (report.report.id, LATER)
    assert await ledger.read(find_asked, sri, LATER + timedelta(seconds=1)) is None
    assert await ledger.read(find_asked, hashed("pak Budi"), NOW) is None

    answer = a_later_message("wamid.answer", report.report.id, at=LATER + timedelta(hours=5))
    await ledger.group(add_messages, answer)
    assert await ledger.read(find_asked, sri, NOW) is None
