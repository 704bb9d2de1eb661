"""The sender's own words stay, quotations and signatures go, and nothing is cut that may be the report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.reply_text import TEXT_LIMIT, is_forwarded, own_text, subject_of

REPLIES = [
    "Masih rusak.\n\nOn Mon, Mar 2, 2026 at 4:00 PM Lapor <lapor@kota.example> wrote:\n> lama",
    "Masih rusak.\n\nPada Sen, 2 Mar 2026 pukul 16.00 Lapor <lapor@kota.example>\nmenulis:\n\n> lama\n> lagi",
    "Masih rusak.\n\nOn 2 Mar 2026, at 16.00, Lapor wrote:\n\n> lama",
    "Masih rusak.\r\n\r\nLapor Kota <lapor@kota.example> wrote:\r\n> lama\r\n",
    "Masih rusak.\n\n-----Original Message-----\nFrom: Lapor\nlama",
    "Masih rusak.\n\n----- Pesan Asli -----\nDari: Lapor\nlama",
    "Masih rusak.\n\n________________________________\nFrom: Lapor <lapor@kota.example>\nSent: Monday\nlama",
    "Masih rusak.\n\nDari: Lapor <lapor@kota.example>\nDikirim: Senin, 2 Maret 2026 16.00\nlama",
    "Masih rusak.\n\n*From:* Lapor <lapor@kota.example>\n*Sent:* Monday\nlama",
    "> lama\n> lagi\n\nMasih rusak.",
    "Masih rusak.\n-- \nAni Contoh\nJl. Melati 3",
    "Masih rusak.\n--\nAni",
    "Masih rusak.\n\nDikirim dari Yahoo Mail untuk Android\n",
    "Masih rusak.\n\nSent from my iPhone",
    "Masih rusak.",
]
KEPT = [
    "Pada hari itu petugas menulis: datang lagi besok.\nSaya pulang.",
    "Pada tanggal 2 Maret saya melapor.\nBelum ada jawaban.",
    "Dari: rumah saya\nsampai pasar jalan rusak.",
    "--\n" + "\n".join(f"baris {number}" for number in range(20)),
    "---------- Forwarded message ----------\nFrom: Ani <ani@contoh.example>\nIsinya penting.",
    "____________\nDari: sini",
    "> hanya kutipan",
    "-- \nhanya tanda tangan",
]


@pytest.mark.parametrize("text", REPLIES)
def test_what_was_answered_and_the_signature_go(text: str) -> None:
    assert own_text(text) == "Masih rusak."


@pytest.mark.parametrize("text", KEPT)
def test_words_that_may_be_the_report_stay(text: str) -> None:
    assert own_text(text) == text


@given(st.text())
def test_a_text_with_words_never_becomes_empty(text: str) -> None:
    assert bool(own_text(text)) == bool(text.strip())


@given(st.lists(st.sampled_from(["--", "", "> x", "On Monday, a@b wrote:", "From: x", "Sent: y", "kata", "_" * 30])))
def test_only_lines_that_were_there_come_out(lines: list[str]) -> None:
    assert set(own_text("\n".join(lines)).split("\n")) <= {*lines, ""}


def test_a_text_of_any_length_is_read() -> None:
    assert len(own_text("--\n" * TEXT_LIMIT)) <= TEXT_LIMIT


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Jalan rusak", "Jalan rusak"),
        ("Re: FW: Fwd: Bls: Jalan  rusak", "Jalan rusak"),
        ("RE[2]: re(3) : Jalan rusak", "Jalan rusak"),
        ("Trs: Teruskan: Jalan rusak", "Jalan rusak"),
        ("Rencana: jembatan", "Rencana: jembatan"),
        ("Re:", None),
        (" \n", None),
    ],
)
def test_the_marks_of_answers_go_from_the_subject(subject: str, expected: str | None) -> None:
    assert subject_of(subject) == expected


@given(st.text())
def test_a_subject_without_marks_is_left_alone(subject: str) -> None:
    once = subject_of(subject)
    assert once is None or subject_of(once) == once


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Fwd: Air keruh", "", True),
        ("TR[2]: Air keruh", "", True),
        ("Teruskan: Air keruh", "", True),
        ("Re: Fwd: Air keruh", "", False),
        ("Air keruh", "Ini:\r\n---------- Forwarded message ---------\r\nDari: Budi", True),
        ("Air keruh", "Begin forwarded message:", True),
        ("Air keruh", "----- Pesan yang Diteruskan -----", True),
        ("Air keruh", "> ---------- Forwarded message ---------", False),
        ("Forward jalan rusak", "", False),
    ],
)
def test_what_is_passed_on_is_told_by_its_subject_or_its_marks(subject: str, text: str, expected: bool) -> None:
    assert is_forwarded(subject, text) is expected
