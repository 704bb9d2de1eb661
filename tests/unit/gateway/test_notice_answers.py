"""What reporters read when they ask."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.notice_answers import (
    AtAgency,
    notice_of_link,
    notice_of_rating,
    notice_of_reopening,
    notice_of_silence,
    notice_of_speech,
    notice_of_standing,
    notice_of_withdrawal,
)
from gateway.notices import About
from schemas.handoff import HandoffState, LinkKind
from schemas.notice import NoticePurpose
from schemas.vocabulary import CaseStatus

AT = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
ABOUT = About("K7RM-4XQ9-HT3C")


def standing(*agencies: AtAgency, **named: bool) -> str:
    return notice_of_standing(ABOUT, AT, agencies, **named).text_id


@pytest.mark.parametrize(
    ("agency", "line"),
    [
        (AtAgency("Kemenkes", HandoffState.PENDING), "- sedang diteruskan ke Kemenkes"),
        (AtAgency("Kemenkes", HandoffState.DELIVERED), "- sudah diterima Kemenkes"),
        (AtAgency("Kemenkes", HandoffState.DELIVERED, "17"), "- sudah diterima Kemenkes (nomor 17)"),
        (
            AtAgency("Kemenkes", HandoffState.DELIVERED, "17", "Dalam Proses", CaseStatus.IN_PROCESS),
            "- di Kemenkes, laporan sedang ditangani",
        ),
        (
            AtAgency("Kemenkes", HandoffState.DELIVERED, None, "Dirapatkan", CaseStatus.UNKNOWN),
            "- di Kemenkes, laporan berstatus “Dirapatkan”",
        ),
        (AtAgency("Kemenkes", HandoffState.UNCERTAIN), "- sedang dipastikan sampai di Kemenkes"),
        (AtAgency("Kemenkes", HandoffState.PARKED), "- belum sampai di Kemenkes, sedang diurus petugas"),
    ],
)
def test_a_report_stands_somewhere_in_plain_words(agency: AtAgency, line: str) -> None:
    assert standing(agency) == f"Laporan Anda, kode K7RM-4XQ9-HT3C:\n{line}"


def test_every_agency_is_named_and_what_was_cancelled_is_not() -> None:
    told = standing(
        AtAgency("A", HandoffState.DELIVERED),
        AtAgency("B", HandoffState.CANCELLED),
        AtAgency("C", HandoffState.PENDING),
    )

    assert told.splitlines()[1:] == ["- sudah diterima A", "- sedang diteruskan ke C"]


def test_a_report_that_went_nowhere_yet_says_what_it_waits_for() -> None:
    assert standing(asked=True).endswith("- menunggu keterangan dari Anda")
    assert standing().endswith("- menunggu dibaca petugas")


def test_a_report_that_was_taken_back_is_told_as_that_alone() -> None:
    assert standing(AtAgency("A", HandoffState.DELIVERED), withdrawn=True).endswith(":\n- laporan sudah Anda cabut")


def test_taking_back_is_told_once_as_done_and_then_as_done_before() -> None:
    assert "sudah dicabut. Instansi" in notice_of_withdrawal(ABOUT, AT).text_id
    assert notice_of_withdrawal(ABOUT, AT, before=True).text_id.endswith("sudah dicabut sebelumnya.")


def test_whoever_silences_us_is_told_how_to_hear_again() -> None:
    assert "MULAI" in notice_of_silence(ABOUT, AT).text_id
    assert "STOP" in notice_of_speech(ABOUT, AT).text_id


def test_each_has_its_purpose() -> None:
    purposes = [
        notice_of_standing(ABOUT, AT, ()).purpose,
        notice_of_withdrawal(ABOUT, AT).purpose,
        notice_of_silence(ABOUT, AT).purpose,
        notice_of_speech(ABOUT, AT).purpose,
    ]

    assert purposes == [
        NoticePurpose.STATUS_TOLD,
        NoticePurpose.WITHDRAWN,
        NoticePurpose.NOTICES_OFF,
        NoticePurpose.NOTICES_ON,
    ]


@pytest.mark.parametrize(("kind", "who"), [(LinkKind.AGAIN, "Anda"), (LinkKind.SUPPORTER, "warga lain")])
def test_whose_event_was_told_before_hears_by_whom(kind: LinkKind, who: str) -> None:
    notice = notice_of_link(ABOUT, AT, kind)
    assert notice.purpose is NoticePurpose.STATUS_CHANGED
    assert who in notice.text_id


@pytest.mark.parametrize(("rating", "asks"), [(1, True), (3, True), (4, False), (5, False)])
def test_a_rating_is_thanked_for_and_whoever_is_not_content_learns_what_to_say(rating: int, asks: bool) -> None:
    told = notice_of_rating(ABOUT, AT, rating)
    assert f"Nilai Anda, {rating} dari 5" in told.text_id
    assert ("balas BELUM SELESAI" in told.text_id, "reply BELUM SELESAI" in told.text_en) == (asks, asks)


def test_a_report_that_is_open_again_asks_for_what_is_new() -> None:
    told = notice_of_reopening(ABOUT, AT)
    assert ("kami buka kembali" in told.text_id, "foto terbaru" in told.text_id) == (True, True)
