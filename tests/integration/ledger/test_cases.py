"""What destinations say about cases, in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gateway.ledger import Ledger
from gateway.ledger.case_values import NewEvent
from gateway.ledger.cases import cases_of_report, find_case, keep_events
from gateway.ledger.channels import add_channel
from gateway.ledger.destinations import pause
from gateway.ledger.tables import case_events
from gateway.ledger.values import ChannelRow, EventRow, HandoffRow, NewNotice, WatchRow, WorkerRow
from gateway.ledger.views import show_report
from gateway.ledger.watching import begin_watches, claim_watches, destinations_to_ask, load_watch, note_poll
from schemas.handoff import HandoffKind, HandoffState
from schemas.notice import NoticePurpose
from schemas.status import EventKind, EventSource, status_of
from tests.integration.ledger.doing import brought_to, count, handoffs, keep
from tests.integration.ledger.making import CHANNEL, LATER, MINISTRY, NOW, SP4N, a_report, new_id

MINUTE = timedelta(minutes=1)
SOON = {SP4N: 600.0}


async def delivered(ledger: Ledger, worker: WorkerRow, name: str = "m1", destination: str = SP4N) -> HandoffRow:
    return await brought_to(ledger, worker, HandoffState.DELIVERED, a_report(name, destination))


def event(handoff: HandoffRow, key: str, name: str | None = None, *, at: datetime = LATER, **more: Any) -> NewEvent:
    row = EventRow(
        id=new_id(at),
        report_id=handoff.report_id,
        handoff_id=handoff.id,
        destination=handoff.destination,
        source=EventSource.POLL,
        event_key=key,
        received_at=more.pop("received_at", LATER + 10 * MINUTE),
        status_name=name,
        status=status_of(name) if name else None,
        happened_at=at,
        **{"kind": EventKind.STATUS} | more,
    )
    return NewEvent(row)


async def watch_of(ledger: Ledger, handoff: HandoffRow) -> WatchRow:
    watch = await ledger.read(load_watch, handoff.id)
    assert watch is not None
    return watch


async def test_a_delivered_case_is_taken_under_watch_once(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)

    assert await ledger.write(begin_watches, LATER, SOON, 10) == 1
    assert await ledger.write(begin_watches, LATER, SOON, 10) == 0
    watch = await watch_of(ledger, handoff)
    assert (watch.delivered_at, watch.next_poll_at) == (handoff.updated_at, handoff.updated_at + 10 * MINUTE)


async def test_a_destination_that_cannot_be_asked_is_watched_without_asking(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker, destination=MINISTRY)

    await ledger.write(begin_watches, LATER, SOON, 10)

    assert (await watch_of(ledger, handoff)).next_poll_at is None


async def test_what_is_not_delivered_is_not_watched(ledger: Ledger) -> None:
    await keep(ledger, a_report("m1", SP4N))

    assert await ledger.write(begin_watches, LATER, SOON, 10) == 0


async def test_the_longest_due_is_asked_about_first_and_by_one_only(ledger: Ledger, worker: WorkerRow) -> None:
    first, second = await delivered(ledger, worker, "m1"), await delivered(ledger, worker, "m2")
    await ledger.write(begin_watches, LATER, SOON, 10)
    await ledger.write(note_poll, first.id, LATER + 30 * MINUTE, {"page": 2}, 0)
    now = LATER + 60 * MINUTE

    one = await ledger.write(claim_watches, SP4N, now, now + 5 * MINUTE, 1)
    rest = await ledger.write(claim_watches, SP4N, now, now + 5 * MINUTE, 10)
    none = await ledger.write(claim_watches, SP4N, now, now + 5 * MINUTE, 10)

    assert [[due.watch.handoff_id for due in some] for some in (one, rest, none)] == [[second.id], [first.id], []]
    assert (rest[0].watch.place, rest[0].watch.polls, rest[0].reference) == ({"page": 2}, 1, "12345")


async def test_who_has_nothing_due_is_not_to_be_asked(ledger: Ledger, worker: WorkerRow) -> None:
    for number, destination in enumerate((MINISTRY, SP4N, MINISTRY, "kemensos", "basarnas")):
        await delivered(ledger, worker, f"m{number}", destination=destination)
    await ledger.write(begin_watches, LATER, {MINISTRY: 60.0, SP4N: 60.0, "kemensos": 3600.0}, 10)

    seen = [await ledger.read(destinations_to_ask, LATER + minutes * MINUTE) for minutes in (0, 2, 61)]

    assert seen == [[], [MINISTRY, SP4N], [MINISTRY, "kemensos", SP4N]]


async def test_a_paused_destination_is_not_asked(ledger: Ledger, worker: WorkerRow) -> None:
    await delivered(ledger, worker)
    await ledger.write(begin_watches, LATER, SOON, 10)
    await ledger.write(pause, SP4N, "budi", "perawatan", LATER)

    assert await ledger.read(destinations_to_ask, LATER + 60 * MINUTE) == []

    assert await ledger.write(claim_watches, SP4N, LATER + 60 * MINUTE, LATER + 65 * MINUTE, 10) == []


async def test_an_event_is_kept_once_and_moves_its_case(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)
    await ledger.write(begin_watches, LATER, SOON, 10)

    items = [event(handoff, "1", "Terverifikasi"), event(handoff, "2", "Sedang Ditelaah", at=LATER + MINUTE)]
    answers = [await ledger.write(keep_events, items) for _ in range(2)]
    again = await ledger.write(keep_events, [NewEvent(replace(items[0].row, id=new_id(LATER)))])

    assert [[one.new for one in kept] for kept in (*answers, again)] == [[True, True], [True, True], [False]]
    watch = await watch_of(ledger, handoff)
    assert (watch.status_name, watch.status, watch.status_at) == (
        "Sedang Ditelaah",
        "Tidak Dikenal",
        LATER + MINUTE,
    )
    assert watch.changed_at == LATER + 10 * MINUTE
    assert await count(ledger, case_events) == 2


async def test_a_late_event_is_kept_and_does_not_move_the_case_back(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)
    await ledger.write(keep_events, [event(handoff, "2", "Selesai", sequence=2)])

    await ledger.write(keep_events, [event(handoff, "1", "Dalam Proses", sequence=1, at=LATER + 5 * MINUTE)])

    watch = await watch_of(ledger, handoff)
    assert (watch.status_name, watch.closed, await count(ledger, case_events)) == ("Selesai", True, 2)


async def test_a_destination_may_speak_before_its_receipt_is_recorded(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)
    await ledger.write(keep_events, [event(handoff, "1", "Terverifikasi")])
    before = await watch_of(ledger, handoff)

    await ledger.write(begin_watches, LATER, SOON, 10)

    after = await watch_of(ledger, handoff)
    assert (before.delivered_at, after.delivered_at) == (None, handoff.updated_at)
    assert (after.status_name, after.next_poll_at) == ("Terverifikasi", handoff.updated_at + 10 * MINUTE)


async def test_a_closed_case_that_its_reporter_reopens_is_asked_about_again(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)
    await ledger.write(keep_events, [event(handoff, "1", "Selesai")])
    await ledger.write(note_poll, handoff.id, None, None, 0)

    later = LATER + 60 * MINUTE
    await ledger.write(keep_events, [event(handoff, "r", kind=EventKind.REOPENED, at=later, received_at=later)])

    watch = await watch_of(ledger, handoff)
    assert (watch.closed, watch.next_poll_at, watch.status_name) == (False, later, "Selesai")


async def test_a_case_is_found_by_every_name_that_a_destination_may_have_for_it(
    ledger: Ledger, worker: WorkerRow
) -> None:
    handoff = await delivered(ledger, worker)
    (held,) = await ledger.read(cases_of_report, handoff.report_id)

    by_code = await ledger.read(find_case, SP4N, [held.tracking_code], None)
    by_reference = await ledger.read(find_case, SP4N, ["12345"], None)
    by_id = await ledger.read(find_case, SP4N, [], handoff.report_id)

    assert [found and found.handoff.id for found in (by_code, by_reference, by_id)] == [handoff.id] * 3
    assert await ledger.read(find_case, MINISTRY, [held.tracking_code, "12345"], handoff.report_id) is None


async def test_a_report_is_shown_with_what_was_said_of_it(ledger: Ledger, worker: WorkerRow) -> None:
    handoff = await delivered(ledger, worker)
    said = event(handoff, "1", "Terverifikasi", sealed_text=b"sealed")
    await ledger.write(keep_events, [said])

    record = await ledger.read(show_report, handoff.report_id)

    assert record is not None
    assert record.events == (said.row,)
    assert record.watches == (await watch_of(ledger, handoff),)


async def test_a_new_event_owes_its_notice_and_a_late_or_repeated_one_owes_none(
    ledger: Ledger, worker: WorkerRow
) -> None:
    await ledger.write(add_channel, ChannelRow(CHANNEL, "whatsapp", NOW, {}, answers=True), "ani")
    handoff = await delivered(ledger, worker)
    done, late = event(handoff, "2", "Selesai", sequence=2), event(handoff, "1", "Dalam Proses", sequence=1)
    items = [replace(item, notice=a_notice(item)) for item in (done, late)]

    for item in (*items, items[0]):
        await ledger.write(keep_events, [item])

    owed = [row.id for row in await handoffs(ledger) if row.kind is HandoffKind.NOTICE]
    assert items[0].notice is not None
    assert owed == [items[0].notice.id]


async def test_a_status_that_the_case_has_already_is_told_again_by_no_notice(ledger: Ledger, worker: WorkerRow) -> None:
    await ledger.write(add_channel, ChannelRow(CHANNEL, "whatsapp", NOW, {}, answers=True), "ani")
    handoff = await delivered(ledger, worker)
    for key in ("1", "2"):
        item = event(handoff, key, "Dalam Proses", at=LATER)
        await ledger.write(keep_events, [replace(item, notice=a_notice(item))])

    assert len([row for row in await handoffs(ledger) if row.kind is HandoffKind.NOTICE]) == 1


def a_notice(event: NewEvent) -> NewNotice:
    return NewNotice(
        id=new_id(LATER),
        report_id=event.row.report_id,
        channel=CHANNEL,
        purpose=NoticePurpose.STATUS_CHANGED,
        key=str(event.row.id),
        sealed_notice=b"sealed",
        created_at=LATER,
        due_at=LATER,
    )
