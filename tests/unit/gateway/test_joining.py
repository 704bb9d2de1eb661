"""A conversation told as one report."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.joining import CUT_TAG, LONG_TEXT, belongs_to, joined
from schemas.report import CONTENT_LIMIT, Attachment, Location, Message, Report

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=30)
PHOTO = Attachment(name="jalan.jpg", media_type="image/jpeg", source="1")


def message(text: str = "", minutes: int = 0, **more: object) -> Message:
    return Message(sequence=1, received_at=NOW + timedelta(minutes=minutes), text=text, **more)  # type: ignore[arg-type]


def test_texts_are_appended_and_files_and_place_taken_over() -> None:
    report = Report(title="Jalan rusak", content="Jalan rusak di depan pasar")
    place = Location(latitude=-6.9, longitude=107.6)
    whole = joined(report, [message("sudah tiga bulan"), message(attachments=(PHOTO,)), message(location=place)])
    assert whole.content == "Jalan rusak di depan pasar\n\nsudah tiga bulan"
    assert (whole.attachments, whole.location) == ((PHOTO,), place)


def test_the_first_place_that_was_given_stays() -> None:
    first, second = Location(village="Sukamaju"), Location(village="Cibiru")
    report = Report(title="Lampu jalan", content="Mati", location=first)
    assert joined(report, [message(location=second)]).location == first


def test_a_photo_without_words_gets_its_words_from_the_next_message() -> None:
    report = Report(title="Laporan tanpa judul", content="", attachments=(PHOTO,))
    assert joined(report, [message("Sampah menumpuk")]).content == "Sampah menumpuk"


def test_what_is_too_long_for_one_report_is_cut_and_says_so_once() -> None:
    report = Report(title="Panjang", content="a" * CONTENT_LIMIT)
    whole = joined(joined(report, [message("lagi")]), [message("dan lagi")])
    assert len(whole.content) == CONTENT_LIMIT
    assert whole.tags == (CUT_TAG,)


@pytest.mark.parametrize("flag", ["is_anonymous", "is_secret"])
def test_who_asks_for_protection_once_has_it_for_the_whole_report(flag: str) -> None:
    report = Report(title="Pungli", content="Ada pungli di loket")
    asked = joined(report, [message("jangan sebut nama saya", **{flag: True}), message("terima kasih")])
    assert getattr(asked, flag) is True
    assert getattr(joined(asked, [message("satu lagi")]), flag) is True


@pytest.mark.parametrize(
    ("text", "minutes", "started", "expected"),
    [
        ("ini fotonya", 5, False, True),
        ("ini fotonya", 5, True, True),
        ("x" * LONG_TEXT, 5, False, True),
        ("x" * LONG_TEXT, 5, True, False),
        ("ini fotonya", 31, False, False),
    ],
    ids=["short", "short after start", "long before start", "long after start", "too late"],
)
def test_what_belongs_to_a_conversation(text: str, minutes: int, started: bool, expected: bool) -> None:
    assert belongs_to(message(text, minutes), last_message_at=NOW, started=started, window=WINDOW) is expected


def test_the_first_day_that_is_told_counts() -> None:
    report = Report(title="Banjir", content="Banjir")
    told = [message("kemarin", incident_date=date(2026, 1, 30)), message("tadi", incident_date=date(2026, 1, 31))]
    assert joined(report, told).incident_date == date(2026, 1, 30)


@pytest.mark.parametrize(("minutes", "expected"), [(5, True), (31, False)])
def test_a_long_reply_in_a_thread_goes_on_in_its_report_as_long_as_the_window_lasts(
    minutes: int, expected: bool
) -> None:
    reply = message("x" * LONG_TEXT, minutes)
    assert belongs_to(reply, last_message_at=NOW, started=True, window=WINDOW, follows=True) is expected
