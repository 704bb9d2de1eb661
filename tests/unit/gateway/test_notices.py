"""What reporters read: plain, in two languages, with the code and without anything that is nobody's business."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from gateway.notices import (
    About,
    Standing,
    notice_of_acknowledgement,
    notice_of_answer,
    notice_of_asking,
    notice_of_lateness,
    notice_of_non_delivery,
    notice_of_question,
    notice_of_status,
)
from schemas.notice import NOTICE_TEXT_LIMIT, Notice, NoticePurpose
from schemas.vocabulary import CaseStatus

AT = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
CODE = "K7RM-4XQ9-HT3C"
ABOUT = About(CODE, "Jalan berlubang di depan pasar")
LONG = About(CODE, "kata " * 60, "https://lapor.example.go.id/lacak")
MAKERS: list[Callable[[About], Notice]] = [
    lambda about: notice_of_acknowledgement(about, AT),
    lambda about: notice_of_asking(about, AT, ("content", "location", "incident_date", "nik")),
    lambda about: notice_of_status(about, AT, Standing("Kemenkes " * 40, "x" * 200, CaseStatus.UNKNOWN)),
    lambda about: notice_of_status(about, AT, Standing(None, "Selesai", CaseStatus.DONE)),
    lambda about: notice_of_question(about, AT, "Kemenkes " * 40, "pertanyaan " * 900),
    lambda about: notice_of_answer(about, AT, None, "jawaban " * 900),
    lambda about: notice_of_non_delivery(about, AT, None),
    lambda about: notice_of_lateness(about, AT, None),
]


@pytest.mark.parametrize("make", MAKERS)
def test_every_notice_names_the_code_in_both_languages_and_fits_one_message(make: Callable[[About], Notice]) -> None:
    told = make(LONG)

    assert (CODE in told.text_id, CODE in told.text_en) == (True, True)
    assert max(len(told.text_id), len(told.text_en)) <= NOTICE_TEXT_LIMIT
    assert told.text_id.endswith("https://lapor.example.go.id/lacak")


@pytest.mark.parametrize("make", MAKERS)
def test_of_the_report_no_more_than_a_short_title_is_told(make: Callable[[About], Notice]) -> None:
    told = make(LONG)

    assert told.title is not None
    assert len(told.title) <= 60
    assert max(told.text_id.count("kata"), told.text_en.count("kata")) <= 12


def test_an_acknowledgement_says_what_to_do_with_the_code() -> None:
    told = notice_of_acknowledgement(ABOUT, AT)

    assert told.text_id == (
        "Laporan Anda sudah kami terima.\nKode: K7RM-4XQ9-HT3C\nSimpan kode ini. "
        "Balas STATUS untuk mengetahui perkembangannya, BATAL untuk mencabut laporan."
    )


def test_whoever_must_wait_for_a_person_is_told_so() -> None:
    assert "Petugas akan membacanya dulu." in notice_of_acknowledgement(ABOUT, AT, held=True).text_id


def test_in_an_emergency_whom_to_call_comes_first() -> None:
    told = notice_of_acknowledgement(ABOUT, AT, urgent=True)
    assert told.text_id.startswith("DARURAT? Telepon sekarang: 112 (semua), 119 (ambulans), 110 (polisi).")
    assert told.text_en.startswith("EMERGENCY? Call now: 112")


def test_only_what_is_missing_is_asked_for() -> None:
    told = notice_of_asking(ABOUT, AT, ("location",))

    assert told.missing == ("location",)
    assert "mohon tulis: di mana tempatnya (jalan, desa/kelurahan, kecamatan).\n" in told.text_id


def test_what_nobody_has_words_for_is_asked_as_what_happened() -> None:
    assert "mohon tulis: apa yang terjadi.\n" in notice_of_asking(ABOUT, AT, ("something_new",)).text_id


@pytest.mark.parametrize("status", [status for status in CaseStatus if status is not CaseStatus.UNKNOWN])
def test_every_known_status_is_told_in_plain_words(status: CaseStatus) -> None:
    told = notice_of_status(ABOUT, AT, Standing("Kemenkes", status.value, status))

    assert "berstatus" not in told.text_id
    assert (told.agency, told.status_name, told.status) == ("Kemenkes", status.value, status)


def test_a_status_that_nobody_knows_is_told_as_it_came() -> None:
    told = notice_of_status(ABOUT, AT, Standing("Kemenkes", "Dirapatkan", CaseStatus.UNKNOWN))

    assert "di Kemenkes, laporan berstatus “Dirapatkan”" in told.text_id


@pytest.mark.parametrize(
    ("status", "purpose"),
    [
        (CaseStatus.IN_PROCESS, NoticePurpose.STATUS_CHANGED),
        (CaseStatus.DONE, NoticePurpose.CLOSED),
        (CaseStatus.CLOSED_BY_SYSTEM, NoticePurpose.CLOSED),
        (CaseStatus.REJECTED, NoticePurpose.CLOSED),
    ],
)
def test_a_status_that_ends_the_matter_makes_a_closing(status: CaseStatus, purpose: NoticePurpose) -> None:
    assert notice_of_status(ABOUT, AT, Standing(None, status.value, status)).purpose is purpose


@pytest.mark.parametrize(
    ("status", "asks"),
    [(CaseStatus.DONE, True), (CaseStatus.CLOSED_BY_SYSTEM, True), (CaseStatus.REJECTED, False)],
)
def test_whoever_is_told_that_it_is_done_is_asked_what_he_thinks(status: CaseStatus, asks: bool) -> None:
    told = notice_of_status(ABOUT, AT, Standing(None, status.value, status))

    assert ("Balas BELUM SELESAI" in told.text_id, "Reply BELUM SELESAI" in told.text_en) == (asks, asks)


def test_a_question_stands_in_the_agency_s_own_words() -> None:
    told = notice_of_question(ABOUT, AT, None, "Di RT berapa\x00 lampunya  mati?")

    assert "Instansi yang menangani bertanya tentang laporan Anda" in told.text_id
    assert "“Di RT berapa lampunya mati?”" in told.text_id
