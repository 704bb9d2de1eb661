"""A first message is kept once, whole, and found again however often it comes."""

from __future__ import annotations

import asyncio

import pytest
from asyncpg import IntegrityConstraintViolationError
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from gateway.ledger import Ledger
from gateway.ledger.intake import find_message, keep_reports, park_inbound
from gateway.ledger.tables import files, handoffs, messages, parked, report_keys, reports
from gateway.ledger.values import Kept, NewReport
from gateway.ledger.views import show_report
from schemas.handoff import HandoffState, ParkStage
from schemas.tracking import new_tracking_code, parse_tracking_code
from tests.integration.ledger.doing import count, keep
from tests.integration.ledger.making import CHANNEL, MINISTRY, NOW, SP4N, a_report, an_unreadable_part, hashed
from tests.integration.ledgers import OpenLedger


async def test_a_report_is_kept_with_all_that_follows_from_it(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N, MINISTRY, files=2)

    assert await keep(ledger, report) == [Kept(report.report.id, report.report.tracking_code)]

    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    assert record.report == report.report
    assert record.key == report.key
    assert record.messages == (report.message,)
    assert set(record.files) == set(report.files)
    assert {(row.id, row.destination) for row in record.handoffs} == {
        (new.id, new.destination) for new in report.handoffs
    }


async def test_a_new_handoff_is_owed_and_untried(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)

    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    (row,) = record.handoffs
    assert (row.state, row.tries, row.owner, row.progress) == (HandoffState.PENDING, 0, None, {})
    assert (row.first_sequence, row.last_sequence, row.due_at, row.clock_from) == (0, 0, NOW, NOW)
    assert row.parameters == {"institution": 7}


async def test_the_same_message_again_gives_the_report_that_is_there(ledger: Ledger) -> None:
    first, again = a_report("wamid.1", SP4N), a_report("wamid.1", SP4N)
    await keep(ledger, first)

    assert await keep(ledger, again) == [Kept(first.report.id, first.report.tracking_code, duplicate=True)]
    assert await count(ledger, reports) == 1
    assert await count(ledger, handoffs) == 1


async def test_the_same_message_id_with_another_content_is_a_conflict(ledger: Ledger) -> None:
    await keep(ledger, a_report("wamid.1", SP4N, content="lampu mati"))

    (kept,) = await keep(ledger, a_report("wamid.1", SP4N, content="jalan rusak"))

    assert (kept.duplicate, kept.conflict) == (True, True)
    assert await count(ledger, messages) == 1


async def test_the_same_message_twice_in_one_group_is_kept_once(ledger: Ledger) -> None:
    first, again, other = a_report("wamid.1", SP4N), a_report("wamid.1", SP4N), a_report("wamid.2", SP4N)

    kept = await keep(ledger, first, again, other)

    assert [each.duplicate for each in kept] == [False, True, False]
    assert kept[1].report_id == first.report.id
    assert await count(ledger, reports) == 2


async def test_the_same_message_given_to_two_processes_at_once_is_kept_once(open_ledger: OpenLedger) -> None:
    both = [await open_ledger(), await open_ledger()]
    given = [[a_report(f"wamid.{number}", SP4N) for number in range(50)] for _ in both]

    kept = await asyncio.gather(*(keep(ledger, *mine) for ledger, mine in zip(both, given, strict=True)))

    assert [sum(not pair[place].duplicate for pair in kept) for place in range(50)] == [1] * 50
    assert [pair[0].report_id for pair in zip(*kept, strict=True)] == [
        pair[1].report_id for pair in zip(*kept, strict=True)
    ]
    assert await count(both[0], reports) == 50


async def test_running_again_after_a_commit_writes_nothing_and_answers_the_same(ledger: Ledger) -> None:
    given = [a_report("wamid.1", SP4N, files=1), a_report("wamid.2", parked=ParkStage.SCREEN)]
    before = await ledger.write(keep_reports, given)
    tables = (report_keys, reports, messages, files, handoffs, parked)
    counts = [await count(ledger, table) for table in tables]

    assert await ledger.write(keep_reports, given) == before
    assert [await count(ledger, table) for table in tables] == counts


async def test_a_tracking_code_that_is_taken_gives_way_to_a_new_one(ledger: Ledger) -> None:
    code = new_tracking_code()
    first, second, third = (a_report(f"wamid.{number}", SP4N, code=code) for number in range(3))
    await keep(ledger, first)

    kept = await keep(ledger, second, third)

    codes = {each.tracking_code for each in kept}
    assert len(codes | {code}) == 3
    assert {parse_tracking_code(each) for each in codes} == codes
    assert [each.duplicate for each in kept] == [False, False]
    assert await keep(ledger, second) == [kept[0]]


async def test_a_poison_report_fails_alone(ledger: Ledger) -> None:
    poison = a_report("wamid.poison", "x" * 10, code=None)
    object.__setattr__(poison.report, "verdict", None)
    given = [a_report("wamid.1", SP4N), poison, a_report("wamid.2", SP4N)]

    kept = await asyncio.gather(*(ledger.group(keep_reports, each) for each in given), return_exceptions=True)

    first, refused, second = kept
    assert (type(first), type(second)) == (Kept, Kept)
    assert isinstance(refused, IntegrityError | IntegrityConstraintViolationError)
    assert await count(ledger, reports) == 2
    assert await count(ledger, messages) == 2


async def test_nothing_of_a_report_stays_when_a_part_of_it_cannot_be_written(ledger: Ledger) -> None:
    def keep_and_fail(conn: Connection, items: list[NewReport]) -> None:
        keep_reports(conn, items)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await ledger.write(keep_and_fail, [a_report("wamid.1", SP4N, files=1)])

    for table in (report_keys, reports, messages, files, handoffs):
        assert await count(ledger, table) == 0


async def test_a_held_report_is_parked_and_owed_to_nobody(ledger: Ledger) -> None:
    report = a_report("wamid.1", parked=ParkStage.SCREEN)
    await keep(ledger, report)

    record = await ledger.read(show_report, report.report.id)
    assert record is not None
    assert record.parked == (report.parked,)
    assert record.handoffs == ()


async def test_a_message_is_found_by_the_channels_own_id(ledger: Ledger) -> None:
    report = a_report("wamid.1", SP4N)
    await keep(ledger, report)

    found = await ledger.read(find_message, CHANNEL, hashed("wamid.1"))

    assert found == Kept(report.report.id, report.report.tracking_code, duplicate=True)
    assert await ledger.read(find_message, "another-channel", hashed("wamid.1")) is None
    assert await ledger.read(find_message, CHANNEL, hashed("wamid.2")) is None


async def test_an_unreadable_part_is_parked_once(ledger: Ledger) -> None:
    first, again, other = an_unreadable_part("a"), an_unreadable_part("a"), an_unreadable_part("b")

    new = await asyncio.gather(*(ledger.group(park_inbound, each) for each in (first, again, other)))

    assert new == [True, False, True]
    assert await count(ledger, parked) == 2
    assert await count(ledger, report_keys) == 2
    assert await ledger.group(park_inbound, first) is True
    assert await ledger.group(park_inbound, again) is False
