"""Words to the gateway itself are told apart from reports, and asking has an end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.conversation import AskLimits, Wish, WishKind, answers_question, may_ask, wish_of
from schemas.report import Attachment, Location, Message
from schemas.tracking import make_tracking_code

CODE = make_tracking_code(b"kode untuk tanya")
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def said(text: str, **more: object) -> Wish | None:
    return wish_of(Message(sequence=0, received_at=NOW, text=text, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("status", Wish(WishKind.STATUS)),
        (" STATUS ?", Wish(WishKind.STATUS)),
        ("Cek  laporan saya!", Wish(WishKind.STATUS)),
        (CODE, Wish(WishKind.STATUS, CODE)),
        (f"status {CODE.lower()}", Wish(WishKind.STATUS, CODE)),
        (f"Cek {CODE.replace('-', ' ')}.", Wish(WishKind.STATUS, CODE)),
        (f"status kode: {CODE.replace('-', '')}", Wish(WishKind.STATUS, CODE)),
        ("Batal", Wish(WishKind.WITHDRAW)),
        (f"cabut laporan {CODE}", Wish(WishKind.WITHDRAW, CODE)),
        ("*STOP*", Wish(WishKind.STOP)),
        ("mulai", Wish(WishKind.START)),
        ("Belum selesai!", Wish(WishKind.NOT_SOLVED)),
        (f"belum selesai {CODE}", Wish(WishKind.NOT_SOLVED, CODE)),
        ("4", Wish(WishKind.RATE, rating=4)),
        ("Nilai: 5", Wish(WishKind.RATE, rating=5)),
        ("1/5", Wish(WishKind.RATE, rating=1)),
        ("bintang 3 dari 5", Wish(WishKind.RATE, rating=3)),
        (f"2 {CODE}", Wish(WishKind.RATE, CODE, 2)),
    ],
)
def test_a_word_to_the_gateway_is_understood(text: str, wish: Wish) -> None:
    assert said(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "status jalan di desa kami masih rusak",
        "batal dibangun jembatannya, uangnya ke mana?",
        "stop pungli di sekolah",
        f"kode saya {CODE} kok belum ada kabar",
        f"jalan rusak {CODE}",
        f"{CODE[:-1]}0",
        "cek " * 30,
        "0",
        "6",
        "45",
        "3 motor jatuh",
        "belum selesai, aspalnya terkelupas lagi",
    ],
)
def test_what_may_be_a_report_is_no_such_word(text: str) -> None:
    assert said(text) is None


def test_a_photo_or_a_place_is_never_such_a_word() -> None:
    assert said("batal", attachments=(Attachment(name="a.jpg"),)) is None
    assert said("batal", location=Location(regency="Garut")) is None


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    wish = said(text)
    assert wish is None or wish.tracking_code is None or len(wish.tracking_code) == 14


@pytest.mark.parametrize(
    ("of_report", "of_day", "may"), [(0, 0, True), (1, 3, True), (2, 2, False), (0, 4, False), (1, 4, False)]
)
def test_asking_has_an_end(of_report: int, of_day: int, may: bool) -> None:
    assert may_ask(AskLimits(of_report=2, of_day=4), of_report=of_report, of_day=of_day) is may


LONG = "Lampu jalan di RT 03 padam sejak Senin malam, tiangnya miring dan kabelnya menjuntai sampai ke tanah."


@pytest.mark.parametrize(
    ("text", "hours", "started", "answers"),
    [
        ("di RT 03", 200, True, True),
        (LONG, 23, True, True),
        (LONG, 25, True, False),
        (LONG, 200, False, True),
        ("di RT 03", 14 * 24 + 1, True, False),
        (LONG, 14 * 24 + 1, False, False),
    ],
)
def test_an_answer_is_known_long_after_the_question(text: str, hours: int, started: bool, answers: bool) -> None:
    message = Message(sequence=0, received_at=NOW + timedelta(hours=hours), text=text)

    assert answers_question(message, NOW, started=started) is answers
