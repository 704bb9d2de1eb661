"""The texts that officials read: the code first, everything there, nothing of the reporter's identity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.destinations.sp4n.texts import complaint_texts, followup_head, followup_texts
from schemas.handoff import HandoffKind
from schemas.report import Location
from tests.fakes.cases import (
    CONTENT,
    TRACKING_CODE,
    a_case,
    a_message,
    a_report,
    a_reporter,
    a_withdrawal,
    an_addition,
    identity_of,
)

WIDE = 10_000


def test_a_complaint_begins_with_the_tracking_code() -> None:
    [text] = complaint_texts(a_case(), WIDE, 0)

    assert text.startswith(f"{TRACKING_CODE}\n\n{CONTENT}")


def test_place_and_named_agency_stand_below() -> None:
    [text] = complaint_texts(a_case(), WIDE, 0)

    assert text.splitlines()[-2:] == [
        "Lokasi: Jembatan gantung RT 02 RW 05, Sukamaju, Cisurupan, Kabupaten Garut, Jawa Barat "
        "(-7.321600, 107.787100)",
        "Instansi yang disebut pelapor: Dinas Pekerjaan Umum Kabupaten Garut",
    ]


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (None, None),
        (Location(), None),
        (Location(region_code="32"), None),
        (Location(latitude=-6.2), None),
        (Location(latitude=-6.2, longitude=106.8), "Lokasi: (-6.200000, 106.800000)"),
        (Location(latitude=0.0, longitude=0.0), "Lokasi: (0.000000, 0.000000)"),
        (Location(village="Sukamaju"), "Lokasi: Sukamaju"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(location: Location | None, line: str | None) -> None:
    [text] = complaint_texts(a_case(report=a_report(location=location, agency=None)), WIDE, 0)

    assert text == f"{TRACKING_CODE}\n\n{CONTENT}" + (f"\n\n{line}" if line else "")


def test_lost_files_are_told() -> None:
    assert complaint_texts(a_case(), WIDE, 2)[0].endswith("(2 lampiran tidak dapat diambil dari kanal asal)")
    assert "lampiran" not in complaint_texts(a_case(), WIDE, 0)[0]


def test_no_text_has_the_reporter_in_it() -> None:
    reporter = a_reporter()
    texts = complaint_texts(a_case(reporter=reporter), WIDE, 0) + followup_texts(
        an_addition(reporter=reporter), WIDE, 0
    )

    assert [part for part in identity_of(reporter) if part in "\n".join(texts)] == []


def test_a_later_message_begins_with_a_line_of_its_own() -> None:
    [text] = followup_texts(an_addition(), WIDE, 0)

    assert text == f"{TRACKING_CODE} [tambahan 1]\n\nTambahan: pagi ini satu tali penyangga ikut putus."


def test_several_messages_go_together() -> None:
    messages = (
        a_message(sequence=4, text="", attachments=()),
        a_message(sequence=5, text="Dekat pasar.", location=None),
    )
    [text] = followup_texts(an_addition(messages=messages), WIDE, 0)

    assert text.startswith(f"{TRACKING_CODE} [tambahan 4]\n\nLokasi: ")
    assert text.endswith("\n\nDekat pasar.")


def test_a_withdrawal_says_so_before_anything_else() -> None:
    [text] = followup_texts(a_withdrawal(), WIDE, 0)

    assert text.splitlines()[0] == f"{TRACKING_CODE} [pencabutan]"
    assert text.splitlines()[2:] == [
        "Pelapor mencabut laporan ini.",
        "",
        "Laporan saya tarik kembali, jembatannya sudah diperbaiki warga.",
    ]


def test_no_two_follow_ups_of_a_report_begin_alike() -> None:
    cases = [an_addition(messages=(a_message(sequence=number),)) for number in (1, 2, 11, 12, 21)]
    heads = [followup_head(case, part) for case in [*cases, a_withdrawal()] for part in (1, 2, 12)]

    assert len(set(heads)) == len(heads)
    assert [(one, other) for one in heads for other in heads if one != other and other.startswith(one)] == []


@given(st.text(min_size=1, max_size=2000), st.integers(200, 500), st.sampled_from(HandoffKind))
def test_parts_keep_the_limit_and_lose_nothing_but_white_space(content: str, limit: int, kind: HandoffKind) -> None:
    if kind is HandoffKind.REPORT:
        parts = complaint_texts(a_case(report=a_report(content=content, location=None, agency=None)), limit, 0)
    else:
        message = a_message(sequence=1, text=content, location=None)
        parts = followup_texts(a_case(kind=kind, messages=(message,)), limit, 0)

    assert all(len(part) <= limit for part in parts)
    assert all(part.startswith(TRACKING_CODE) for part in parts)
    said = "".join("".join(part.partition("\n\n")[2].split()) for part in parts)
    assert said.removeprefix("Pelapormencabutlaporanini.") == "".join(content.split())


def test_a_text_is_cut_between_words() -> None:
    parts = complaint_texts(a_case(report=a_report(content="jembatan " * 100, location=None, agency=None)), 200, 0)

    assert {word for part in parts for word in part.partition("\n\n")[2].split()} == {"jembatan"}
