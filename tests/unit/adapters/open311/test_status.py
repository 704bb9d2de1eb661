"""What a city says of a service request, read from the request itself and from FixMyStreet's updates."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Reply
from adapters.destinations.open311.adapter import Open311, build
from adapters.destinations.open311.simulator import SAY, simulated
from adapters.destinations.open311.status import REQUEST, UPDATES
from adapters.simulator import Book, Simulator
from adapters.status import Heard, Inquiry, StatusSource, WatchedCase
from schemas.handoff import OutcomeKind
from schemas.status import CaseEvent, EventKind
from schemas.vocabulary import CaseStatus
from tests.fakes.cases import a_case, an_addition
from tests.unit.adapters.open311.builders import an_entry

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
CASE = WatchedCase("K7RM-4XQ9-HT3C", "OPEN-1", {"post": {"service_request_id": "OPEN-1"}})
CITY, PLAIN = build(an_entry(updates=True)), build(an_entry(statuses={"dalam antrean": "Terverifikasi"}))


def heard(rows: Any, inquiry: str = REQUEST, case: WatchedCase = CASE, city: Open311 = PLAIN) -> Heard:
    return city.hear(case, Inquiry(inquiry), Reply(200, {}, json.dumps(rows).encode()), AT)


def request(status: str, notes: str = "", number: str = "OPEN-1") -> list[dict[str, str]]:
    when = "2026-03-03T09:00:00+07:00"
    return [{"service_request_id": number, "status": status, "status_notes": notes, "updated_datetime": when}]


def update(number: int, status: str, words: str, **more: str) -> dict[str, str]:
    when = f"2026-03-0{number}T09:00:00+07:00"
    known = {"update_id": str(number), "service_request_id": "OPEN-1", "updated_datetime": when}
    return known | {"status": status, "description": words} | more


def told(events: tuple[CaseEvent, ...]) -> list[tuple[str, str | None, str]]:
    return [(event.kind.value, event.status_name, event.text) for event in events]


def test_the_adapter_is_a_source_of_status() -> None:
    assert isinstance(CITY, StatusSource)


def test_updates_are_asked_for_first_where_there_are_any() -> None:
    assert (CITY.first_inquiry(CASE), PLAIN.first_inquiry(CASE)) == (Inquiry(UPDATES), Inquiry(REQUEST))
    assert CITY.inquire(CASE, Inquiry(UPDATES)).url.endswith("/servicerequestupdates.json?service_request_id=OPEN-1")
    assert CITY.inquire(CASE, Inquiry(REQUEST)).url.endswith("/requests/OPEN-1.json")


def test_a_case_whose_number_is_not_known_cannot_be_asked_about() -> None:
    assert PLAIN.first_inquiry(WatchedCase("K7RM-4XQ9-HT3C", None, {"post": {"token": "t"}})) is None


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("open", CaseStatus.UNVERIFIED),
        ("IN PROGRESS", CaseStatus.IN_PROCESS),
        ("closed", CaseStatus.DONE),
        ("Dalam  Antrean", CaseStatus.VERIFIED),
        ("menunggu anggaran", CaseStatus.UNKNOWN),
    ],
)
def test_words_of_status_mean_what_they_mean_at_lapor_and_others_are_kept(word: str, known: CaseStatus) -> None:
    [event] = heard(request(word)).events
    assert (event.kind, event.status) == (EventKind.STATUS, known)
    assert (known is not CaseStatus.UNKNOWN) or event.status_name == word


def test_a_status_is_told_once_and_again_when_it_changes() -> None:
    first = heard(request("closed", "Selesai ditambal"))
    again = heard(request("closed", "Selesai ditambal"), case=replace(CASE, place=first.place))
    back = heard(request("open"), case=replace(CASE, place=again.place))
    once_more = heard(request("closed", "Selesai ditambal"), case=replace(CASE, place=back.place))
    assert told(first.events) == [("status", "Selesai", "Selesai ditambal")]
    assert first.events[0].happened_at == datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    assert again.events == ()
    assert len({event.key for one in (first, back, once_more) for event in one.events}) == 3


def test_new_notes_under_the_same_status_are_an_answer() -> None:
    first = heard(request("in_progress", "Dijadwalkan"))
    more = heard(request("in_progress", "Alat tiba besok"), case=replace(CASE, place=first.place))
    assert told(more.events) == [("answer", None, "Alat tiba besok")]


def test_updates_come_in_the_order_of_time_each_once_and_end_with_the_request() -> None:
    rows = [update(3, "CLOSED", "Sudah"), update(2, "INVESTIGATING", "Dicek"), update(1, "INVESTIGATING", "Diterima")]
    first = heard(rows, UPDATES, city=CITY)
    assert told(first.events) == [
        ("status", "Dalam Proses", "Diterima"),
        ("answer", None, "Dicek"),
        ("status", "Selesai", "Sudah"),
    ]
    assert first.following == Inquiry(REQUEST)
    case = replace(CASE, place=first.place)
    assert heard(request("closed", "Sudah"), case=case).events == ()
    assert heard(rows, UPDATES, case, CITY).events == ()


def test_what_the_request_alone_told_is_not_told_again_by_old_updates() -> None:
    rows = [update(1, "INVESTIGATING", "Diterima")]
    place = heard(rows, UPDATES, city=CITY).place
    place = heard(request("closed"), case=replace(CASE, place=place)).place
    for _ in range(2):
        place = heard(rows, UPDATES, replace(CASE, place=place), CITY).place
        round_ = heard(request("closed"), case=replace(CASE, place=place))
        assert round_.events == ()
        place = round_.place


def test_updates_of_others_and_our_own_are_nobodys_answer() -> None:
    rows = [
        update(1, "OPEN", "Bukan ini", service_request_id="OPEN-2"),
        update(2, "OPEN", "K7RM-4XQ9-HT3C\n\nFoto susulan"),
    ]
    assert heard(rows, UPDATES, city=CITY).events == ()


def test_a_city_that_is_not_responsible_says_so_once() -> None:
    first = heard([update(1, "NOT_COUNCILS_RESPONSIBILITY", "Jalan provinsi")], UPDATES, city=CITY)
    assert [event.kind for event in first.events] == [EventKind.NOT_OURS]


@pytest.mark.parametrize("status", [404, 410])
def test_a_server_without_the_list_still_tells_of_the_request(status: int) -> None:
    assert CITY.hear(CASE, Inquiry(UPDATES), Reply(status), AT) == Heard(following=Inquiry(REQUEST))


@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        (Reply(404), OutcomeKind.REFUSED, "not_found"),
        (Reply(503, {"retry-after": "60"}), OutcomeKind.DEFERRED, "http_503"),
        (Reply(200, {}, b"[]"), OutcomeKind.REFUSED, "unreadable"),
        (Reply(200, {}, json.dumps(request("closed", number="OPEN-2")).encode()), OutcomeKind.REFUSED, "unreadable"),
    ],
)
def test_what_could_not_be_heard_is_said(reply: Reply, kind: OutcomeKind, reason: str) -> None:
    failure = PLAIN.hear(CASE, Inquiry(REQUEST), reply, AT).failure
    assert failure is not None
    assert (failure.kind, failure.reason) == (kind, reason)
    assert CITY.hear(CASE, Inquiry(UPDATES), Reply(503), AT).failure is not None


def test_updates_without_a_number_or_a_time_are_kept_once() -> None:
    row = update(1, "OPEN", "Kata", update_id="", updated_datetime="kemarin")
    first = heard([row], UPDATES, city=CITY)
    assert first.events[0].happened_at is None
    assert heard([row], UPDATES, replace(CASE, place=first.place), CITY).events == ()


@given(st.binary(), st.sampled_from([REQUEST, UPDATES]), st.sampled_from([CITY, build(an_entry(format="xml"))]))
def test_any_bytes_are_survived(body: bytes, inquiry: str, city: Open311) -> None:
    assert isinstance(city.hear(CASE, Inquiry(inquiry), Reply(200, {}, body), AT), Heard)


# --------------------------------------------------------------------------------------------- against the simulator


@asynccontextmanager
async def a_city(format_: str) -> AsyncIterator[tuple[Open311, Callable[..., Any]]]:
    simulator = Simulator(simulated(), book=Book())
    await simulator.start()
    adapter = build(an_entry(simulator.url, updates=True, format=format_, fallback_address="Balai kota"))

    async def say(**said: str) -> None:
        async with httpx.AsyncClient() as client:
            await client.post(simulator.url + SAY, json=said)

    try:
        yield adapter, say
    finally:
        await adapter.aclose()
        await simulator.stop()


async def hear_all(adapter: Open311, case: WatchedCase) -> tuple[list[CaseEvent], WatchedCase]:
    events, inquiry = [], adapter.first_inquiry(case)
    while inquiry is not None:
        round_ = adapter.hear(case, inquiry, await adapter.send(adapter.inquire(case, inquiry)), AT)
        assert round_.failure is None
        events, case, inquiry = [*events, *round_.events], replace(case, place=round_.place), round_.following
    return events, case


@pytest.mark.parametrize("format_", ["json", "xml"])
async def test_a_city_is_heard_through_real_requests(format_: str) -> None:
    async with a_city(format_) as (adapter, say):
        case = a_case()
        step = adapter.next_step(case)
        assert step is not None
        sent = adapter.read(case, step, await adapter.send(adapter.build(case, step, AT)), AT)
        later = an_addition(prior={"post": sent.yields})
        added = adapter.next_step(later)
        assert added is not None
        assert adapter.read(later, added, await adapter.send(adapter.build(later, added, AT)), AT).receipt is not None
        watched = WatchedCase(case.tracking_code, None, {"post": sent.yields})
        number = str(sent.yields["service_request_id"])
        events, watched = await hear_all(adapter, watched)
        assert told(tuple(events)) == [("status", "Belum Terverifikasi", "")]
        await say(
            service_request_id=number, status="closed", description="Ditambal <3", updated_datetime=AT.isoformat()
        )
        events, watched = await hear_all(adapter, watched)
        assert told(tuple(events)) == [("status", "Selesai", "Ditambal <3")]
        assert (await hear_all(adapter, watched))[0] == []
