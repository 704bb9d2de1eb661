"""What became of a complaint, read from calls 4 and 5."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Reply
from adapters.destinations.sp4n.status import FOLLOWUPS, STATUS, moment, rendered
from adapters.status import Heard, Inquiry, StatusSource, WatchedCase
from schemas.status import CaseEvent, EventKind
from schemas.vocabulary import CaseStatus
from tests.unit.adapters.sp4n.builders import CREATED, an_adapter, answered

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=JAKARTA)
CODE = "K7RM-4XQ9-HT3C"
CASE = WatchedCase(CODE, "5000001", {"complaint": CREATED})
SP4N = an_adapter(followups_page_size=2)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=JAKARTA)


def status_reply(name: str = "Terverifikasi", logs: Any = (), named: Any = ()) -> Reply:
    data = {"status_code": "2", "status_name": name, "disposition_id": 4, "status_logs": list(logs)}
    return answered({"results": {"data": data, "data_logs": list(named)}})


def rows_reply(*rows: dict[str, Any]) -> Reply:
    return answered({"results": {"data": list(rows)}})


def row(number: int, content: str, day: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "content": content, "created_at": f"{day:02}-03-2026 09:00:00", **more}


def status_heard(reply: Reply, case: WatchedCase = CASE) -> Heard:
    return SP4N.hear(case, Inquiry(STATUS), reply, NOW)


def followups_heard(reply: Reply, page: int = 1, **place: Any) -> Heard:
    return SP4N.hear(WatchedCase(CODE, None, place=place), Inquiry(FOLLOWUPS, page), reply, NOW)


def test_the_adapter_is_a_source_of_status() -> None:
    assert isinstance(SP4N, StatusSource)


def test_the_status_is_asked_first_and_then_a_page_of_followups() -> None:
    assert SP4N.first_inquiry(CASE) == Inquiry(STATUS)
    assert SP4N.inquire(CASE, Inquiry(STATUS)).url.endswith("/complaints/5000001/complaint")
    assert SP4N.inquire(CASE, Inquiry(FOLLOWUPS, 3)).url.endswith("/complaints/5000001/followups?page=3&page_size=2")


def test_a_case_whose_complaint_is_not_known_is_not_asked_about() -> None:
    assert SP4N.first_inquiry(WatchedCase(CODE, None)) is None


def test_a_person_who_found_the_complaint_gave_its_number_as_the_reference() -> None:
    assert SP4N.first_inquiry(WatchedCase(CODE, "5000009")) == Inquiry(STATUS)


def test_a_line_with_a_new_status_is_a_status_with_its_time_and_its_blanks_filled_in() -> None:
    line = {
        "note": "Status diubah dari {{status_old}} menjadi {{ status_new }} oleh {{institution_from_link}}",
        "timestamp": "03-03-2026 10:00:00",
        "status_old": "Belum Terverifikasi",
        "status_new": "Terverifikasi",
        "institution_from": "Kementerian Contoh",
    }
    (event,) = status_heard(status_reply(named=[line])).events

    assert (event.kind, event.status, event.happened_at) == (EventKind.STATUS, CaseStatus.VERIFIED, at(3, 10))
    assert event.text == "Status diubah dari Belum Terverifikasi menjadi Terverifikasi oleh Kementerian Contoh"


def test_a_line_that_stands_in_both_lists_is_told_once() -> None:
    line = {"note": "Diteruskan kepada {{institution_to}}", "timestamp": "03-03-2026 10:00:00"}
    heard = status_heard(status_reply(logs=[line], named=[{**line, "institution_to": "Dinas A"}]))

    assert [event.text for event in heard.events if event.kind is EventKind.LOG] == ["Diteruskan kepada Dinas A"]


def test_a_status_that_no_line_tells_of_is_told_once_and_dated_like_the_newest_line() -> None:
    line = {"note": "Laporan dibuat", "timestamp": "02-03-2026 09:00:00"}
    heard = status_heard(status_reply("Sedang Ditelaah", logs=[line]))
    again = status_heard(status_reply("Sedang Ditelaah", logs=[line]), WatchedCase(CODE, "5000001", place=heard.place))

    told = [event for event in heard.events if event.status_name]
    assert [(event.status_name, event.status, event.happened_at) for event in told] == [
        ("Sedang Ditelaah", CaseStatus.UNKNOWN, at(2))
    ]
    assert [event.kind for event in again.events] == [EventKind.LOG]


def test_a_status_that_comes_back_is_another_event() -> None:
    place: dict[str, Any] = {}
    keys = []
    for name in ("Dalam Proses", "Selesai", "Dalam Proses"):
        heard = status_heard(status_reply(name), WatchedCase(CODE, "5000001", place=place))
        place = dict(heard.place)
        keys += [event.key for event in heard.events]

    assert len(set(keys)) == 3


def test_waiting_for_the_reporter_is_a_question() -> None:
    (event,) = status_heard(status_reply("Menunggu Kelengkapan Informasi")).events

    assert event.kind is EventKind.QUESTION


def test_a_followup_is_an_answer_with_the_local_time() -> None:
    heard = followups_heard(rows_reply(row(7, "<p>Sudah kami perbaiki</p>", 3)))

    expected = CaseEvent(key="followup:7", kind=EventKind.ANSWER, text="<p>Sudah kami perbaiki</p>", happened_at=at(3))
    assert heard.events == (expected,)


def test_the_names_that_call_4_told_fill_the_blanks_of_call_5() -> None:
    line = {"note": "x", "timestamp": "", "institution_from_id": 9, "institution_from": "Dinas A"}
    place = status_heard(status_reply(named=[line])).place
    template = "Dari {{institution_from}} ke {{institution_to}}"
    heard = followups_heard(rows_reply(row(7, template, 3, institution_from_id="9", institution_to_id=8)), **place)

    assert heard.events[0].text == "Dari Dinas A ke "


def test_our_own_followup_is_nobodys_answer() -> None:
    assert followups_heard(rows_reply(row(7, f"<p>{CODE} [tambahan 1]</p>masih rusak", 3))).events == ()


def test_rows_without_a_number_are_told_apart_by_what_they_say() -> None:
    same = {"content": "ok", "created_at": "03-03-2026 09:00:00"}
    rows = (same, {**same, "content": "baik"}, same)
    first, again = (followups_heard(rows_reply(*rows)).events for _ in range(2))

    assert len({event.key for event in first}) == 3
    assert first == again


def test_the_next_page_is_asked_for_until_one_is_not_full() -> None:
    first = followups_heard(rows_reply(row(1, "a", 1), row(2, "b", 2)))
    second = SP4N.hear(
        WatchedCase(CODE, None, place=first.place), Inquiry(FOLLOWUPS, 2), rows_reply(row(3, "c", 3)), NOW
    )

    assert first.following == Inquiry(FOLLOWUPS, 2)
    assert (second.following, second.place["page"]) == (None, 2)


def test_a_list_with_the_oldest_first_is_read_on_from_its_last_page() -> None:
    assert status_heard(status_reply(), WatchedCase(CODE, "1", place={"page": 5})).following == Inquiry(FOLLOWUPS, 5)


def test_a_list_with_the_newest_first_is_read_from_its_beginning_until_nothing_is_new() -> None:
    newest = datetime(2026, 3, 3, 9, tzinfo=JAKARTA).isoformat()
    has_new = followups_heard(rows_reply(row(9, "i", 5), row(8, "h", 4)), newest=newest)
    has_none = followups_heard(rows_reply(row(2, "b", 2), row(1, "a", 1)), page=3, newest=newest)

    assert (has_new.following, has_new.place["page"]) == (Inquiry(FOLLOWUPS, 2), 1)
    assert (has_none.following, has_none.place["page"]) == (None, 1)


def test_a_list_that_ignores_the_page_ends_when_it_repeats_itself() -> None:
    rows = rows_reply(row(1, "a", 1), row(2, "b", 2))
    first = followups_heard(rows)

    again = SP4N.hear(WatchedCase(CODE, None, place=first.place), Inquiry(FOLLOWUPS, 2), rows, NOW)

    assert again.following is None


def test_a_list_that_repeats_what_the_last_asking_ended_with_is_read_on_all_the_same() -> None:
    rows = rows_reply(row(1, "a", 1), row(2, "b", 2))
    before = followups_heard(rows)
    begun = status_heard(status_reply(), WatchedCase(CODE, "1", place=before.place))

    assert followups_heard(rows, **begun.place).following == Inquiry(FOLLOWUPS, 2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("03-03-2026 10:00:00", at(3, 10)),
        ("2026-03-03 10:00:00", at(3, 10)),
        ("2026-03-03T03:00:00Z", at(3, 10)),
        ("2026-03-03T10:00:00", at(3, 10)),
        ("kemarin", None),
        (20260303, None),
        (None, None),
    ],
)
def test_times_are_jakartas_unless_they_name_a_zone(written: Any, meant: datetime | None) -> None:
    assert moment(written) == meant


def test_a_blank_that_the_row_does_not_fill_is_left_out() -> None:
    assert rendered("dari {{institution_from}} ke {{institution_to}}.", {"institution_from": "A"}) == "dari A ke ."


@pytest.mark.parametrize("inquiry", [Inquiry(STATUS), Inquiry(FOLLOWUPS)])
@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_another_status_is_a_failure(inquiry: Inquiry, status: int) -> None:
    heard = SP4N.hear(CASE, inquiry, Reply(status, body=b"{}"), NOW)

    assert heard.failure is not None
    assert heard.events == ()


@given(body=st.binary(max_size=200) | st.sampled_from([b"[]", b"{}", b'{"results":[]}', b'{"results":{"data":7}}']))
def test_any_bytes_are_survived(body: bytes) -> None:
    for inquiry in (Inquiry(STATUS), Inquiry(FOLLOWUPS)):
        assert SP4N.hear(CASE, inquiry, Reply(200, body=body), NOW).failure is not None
