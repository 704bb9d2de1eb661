"""Content of reports that are over leaves the ledger for an archive and comes back; nothing else changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from gateway.clocks import Calendar, facts_of, read_clocks
from gateway.ledger import Ledger
from gateway.ledger.additions import add_messages
from gateway.ledger.archive_values import ArchiveRow, Content
from gateway.ledger.archives import archive_of, keep_archive, list_archives, over_before, put_away, put_back
from gateway.ledger.clocks import read_clocks_due
from gateway.ledger.conversations import find_conversation, find_thread
from gateway.ledger.erasure import erase_report
from gateway.ledger.keys import count_by_master, keys_under_others, put_keys
from gateway.ledger.links import link_parked
from gateway.ledger.repairs import cancel, cancel_parked
from gateway.ledger.rerouting import send_onward
from gateway.ledger.tables import reports
from gateway.ledger.values import (
    HandoffRow,
    KeyRow,
    LinkRow,
    NewHandoff,
    NewReport,
    ReportRecord,
    WorkerRow,
)
from gateway.ledger.views import show_report
from gateway.ledger.watching import begin_watches
from schemas.handoff import HandoffState, LinkKind, ParkStage
from tests.integration.ledger.doing import begin, brought_to, claim_all, end, keep
from tests.integration.ledger.making import LATER, MINISTRY, NOW, SP4N, a_later_message, a_report, hashed, new_id

YEAR = timedelta(days=365)
THEN = LATER + YEAR
NOTHING_BEFORE = UUID(int=0)
ARCHIVE = ArchiveRow(new_id(THEN), "arsip.jsonl.gz", b"d" * 32, 1234, 1, THEN, THEN, "ani")

Happens = Callable[[Ledger, WorkerRow, NewReport], Awaitable[object]]


async def over(ledger: Ledger) -> list[Content]:
    return await ledger.read(over_before, THEN, NOTHING_BEFORE, 10)


async def ended(ledger: Ledger, worker: WorkerRow, name: str = "m1") -> HandoffRow:
    return await brought_to(ledger, worker, HandoffState.DELIVERED, a_report(name, SP4N, conversation=name))


async def record(ledger: Ledger, report_id: UUID) -> ReportRecord:
    found = await ledger.read(show_report, report_id)
    assert found is not None
    return found


async def archived(ledger: Ledger, worker: WorkerRow) -> Content:
    """A report that is over, put away."""
    await ended(ledger, worker)
    [content] = await over(ledger)
    await ledger.write(keep_archive, ARCHIVE)
    assert await ledger.write(put_away, ARCHIVE, [content], THEN) == 1
    return content


async def test_what_was_delivered_cancelled_or_never_owed_is_over(ledger: Ledger, worker: WorkerRow) -> None:
    delivered = await ended(ledger, worker)
    cancelled, spam = a_report("m2", SP4N), a_report("m3", parked=ParkStage.SCREEN)
    await keep(ledger, cancelled, spam)
    await ledger.write(cancel, [cancelled.handoffs[0].id], "ani", "bukan urusan", LATER)
    assert spam.parked is not None
    await ledger.write(cancel_parked, [spam.parked.id], "ani", "bukan laporan", LATER)

    found = await over(ledger)

    assert [one.report_id for one in found] == sorted([delivered.report_id, cancelled.report.id, spam.report.id])
    assert await ledger.read(over_before, THEN, found[0].report_id, 1) == found[1:2]


async def pending(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await keep(ledger, report)


async def claimed(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await keep(ledger, report)
    await claim_all(ledger, worker, report)


async def uncertain(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await brought_to(ledger, worker, HandoffState.UNCERTAIN, report)


async def set_aside(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await brought_to(ledger, worker, HandoffState.PARKED, report)


async def held_in_screening(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await keep(ledger, a_report("held", parked=ParkStage.SCREEN))


async def one_of_two_delivered(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    both = a_report("two", SP4N, MINISTRY)
    await keep(ledger, both)
    first, _ = await claim_all(ledger, worker, both)
    await end(ledger, first, await begin(ledger, first, worker), HandoffState.DELIVERED)


async def asked_about(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, report)
    await ledger.write(begin_watches, LATER, {SP4N: 60.0}, 10)


async def timed(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, report)
    await ledger.write(begin_watches, LATER, {}, 10)


async def spoken_of_lately(ledger: Ledger, worker: WorkerRow, report: NewReport) -> None:
    await brought_to(ledger, worker, HandoffState.DELIVERED, report)
    later = a_later_message("again", report.report.id, at=THEN)
    await ledger.group(add_messages, later)


@pytest.mark.parametrize(
    "happens",
    [
        pending,
        claimed,
        uncertain,
        set_aside,
        held_in_screening,
        one_of_two_delivered,
        asked_about,
        timed,
        spoken_of_lately,
    ],
)
async def test_what_goes_on_is_not_over(ledger: Ledger, worker: WorkerRow, happens: Happens) -> None:
    await happens(ledger, worker, a_report("m1", SP4N))
    assert await over(ledger) == []


async def test_a_case_whose_clocks_have_run_out_is_over(ledger: Ledger, worker: WorkerRow) -> None:
    await ended(ledger, worker)
    await ledger.write(begin_watches, LATER, {}, 10)
    await ledger.write(
        read_clocks_due, THEN, 10, lambda history: read_clocks(facts_of(history), Calendar(), THEN + 10 * YEAR)
    )
    assert len(await ledger.read(over_before, THEN + YEAR, NOTHING_BEFORE, 10)) == 1


async def test_a_report_is_over_only_with_those_it_is_linked_with(ledger: Ledger, worker: WorkerRow) -> None:
    follower, lead = a_report("m1", parked=ParkStage.SCREEN), a_report("m2", SP4N)
    await keep(ledger, follower, lead)
    assert follower.parked is not None
    tie = LinkRow(follower.report.id, lead.report.id, LinkKind.SUPPORTER, LATER, "ani")
    assert await ledger.write(link_parked, tie, follower.parked, "sama")
    assert await over(ledger) == []

    [claimed_one] = await claim_all(ledger, worker, lead)
    await end(ledger, claimed_one, await begin(ledger, claimed_one, worker), HandoffState.DELIVERED)
    assert {content.report_id for content in await over(ledger)} == {follower.report.id, lead.report.id}


async def test_what_is_put_away_cannot_be_opened_and_what_was_recorded_stays(ledger: Ledger, worker: WorkerRow) -> None:
    before = await record(ledger, (await ended(ledger, worker)).report_id)
    [content] = await over(ledger)
    await ledger.write(keep_archive, ARCHIVE)

    assert await ledger.write(put_away, ARCHIVE, [content], THEN) == 1

    after = await record(ledger, content.report_id)
    assert (after.key.wrapped, after.key.master_key_id) == (None, "m1")
    assert (after.report.sealed_report, after.report.sealed_reporter, after.report.erased_at) == (b"", None, THEN)
    assert [(one.sealed_message, one.sealed_raw) for one in after.messages] == [(b"", None)]
    assert (after.handoffs, after.attempts, after.results) == (before.handoffs, before.attempts, before.results)
    assert (after.archive, await ledger.read(list_archives)) == (ARCHIVE, [ARCHIVE])
    assert await over(ledger) == []


async def test_nothing_is_added_to_what_is_put_away(ledger: Ledger, worker: WorkerRow) -> None:
    content = await archived(ledger, worker)
    assert await ledger.read(find_conversation, hashed("m1"), NOW) is None
    assert await ledger.read(find_thread, content.report_id) is None


async def test_what_is_put_back_is_as_it_was(ledger: Ledger, worker: WorkerRow) -> None:
    before = await record(ledger, (await ended(ledger, worker)).report_id)
    [content] = await over(ledger)
    await ledger.write(keep_archive, ARCHIVE)
    await ledger.write(put_away, ARCHIVE, [content], THEN)

    assert await ledger.write(put_back, ARCHIVE.id, [content], "ani", THEN) == 1

    after = await record(ledger, content.report_id)
    assert [action.action for action in after.actions] == ["restore_archived"]
    assert replace(after, actions=()) == replace(before, actions=())
    assert await ledger.write(put_back, ARCHIVE.id, [content], "ani", THEN) == 0


async def test_what_something_happened_to_since_it_was_written_stays(ledger: Ledger, worker: WorkerRow) -> None:
    handed_on, again, other = [await ended(ledger, worker, name) for name in ("m1", "m2", "m3")]
    written = await over(ledger)
    await ledger.write(keep_archive, ARCHIVE)
    await ledger.group(add_messages, a_later_message("more", handed_on.report_id, at=LATER + timedelta(days=1)))
    new = NewHandoff(new_id(THEN), MINISTRY, THEN, THEN)
    assert await ledger.write(send_onward, again.report_id, new, "ani", THEN, {}, None)
    corrected = update(reports).where(reports.c.id == other.report_id).values(sealed_report=b"corrected")
    await ledger.write(lambda conn: conn.execute(corrected).rowcount)

    assert await ledger.write(put_away, ARCHIVE, written, THEN) == 0
    kept = [(await record(ledger, one.report_id)).report.sealed_report for one in (handed_on, again, other)]
    assert kept == [b"sealed report", b"sealed report", b"corrected"]


async def test_what_lies_elsewhere_is_not_put_back_from_here(ledger: Ledger, worker: WorkerRow) -> None:
    content = await archived(ledger, worker)
    assert await ledger.write(put_back, new_id(THEN), [content], "ani", THEN) == 0
    assert await ledger.read(archive_of, content.report_id) == ARCHIVE


async def test_what_is_erased_in_the_ledger_is_erased_in_its_archive(ledger: Ledger, worker: WorkerRow) -> None:
    content = await archived(ledger, worker)

    assert await ledger.write(erase_report, content.report_id, "ani", THEN)

    found = await record(ledger, content.report_id)
    assert (found.key.wrapped, found.key.master_key_id, found.archive) == (None, None, None)
    assert await ledger.write(put_back, ARCHIVE.id, [content], "ani", THEN) == 0


async def test_keys_of_what_is_put_away_are_rewrapped_with_the_others(ledger: Ledger, worker: WorkerRow) -> None:
    content = await archived(ledger, worker)
    [old] = await ledger.read(keys_under_others, "m2", 10)
    await ledger.write(put_keys, [(old, KeyRow(old.subject_id, b"rewrapped", "m2"))])
    assert await ledger.read(count_by_master) == {"m2": 1}

    await ledger.write(put_back, ARCHIVE.id, [content], "ani", THEN)

    assert (await record(ledger, content.report_id)).key == KeyRow(content.report_id, b"rewrapped", "m2")
