"""The case as PDF: the same bytes for the same case, on as many pages as it needs."""

from __future__ import annotations

import re
from datetime import timedelta, timezone

from adapters.outbound.case_pdf import case_pdf
from tests.fakes.cases import TRACKING_CODE, a_case, a_message, a_report, a_reporter, an_addition


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\n", pdf))


def test_the_same_case_is_the_same_bytes_from_either_database() -> None:
    moved = a_case(accepted_at=a_case().accepted_at.astimezone(timezone(timedelta(hours=7))))
    assert case_pdf(a_case()) == case_pdf(moved)


def test_another_handoff_is_another_file() -> None:
    assert case_pdf(a_case()) != case_pdf(an_addition())


def test_a_long_text_flows_over_pages_with_the_tracking_code_on_each() -> None:
    pdf = case_pdf(a_case(report=a_report(content="Jalan rusak sejak lama.\n" * 400)))
    assert pages(pdf) > 3
    assert pdf.count(f"({TRACKING_CODE}  ".encode()) == pages(pdf)


def test_typographic_letters_are_printed_as_they_are() -> None:
    assert "(“Jalan” – rusak…)".encode("cp1252") in case_pdf(a_case(report=a_report(title="“Jalan” – rusak…")))


def test_letters_that_cannot_be_printed_are_told_of() -> None:
    note = b"Catatan / Note"
    assert note in case_pdf(a_case(report=a_report(content="😀 العربية")))
    assert note not in case_pdf(a_case(report=a_report(content="Kenapa rusak? Tidak tahu.")))


def test_the_reporter_stands_there_only_if_the_case_may_name_them() -> None:
    assert b"Wulandari" in case_pdf(a_case(reporter=a_reporter()))
    anonymous = a_case(reporter=a_reporter(), report=a_report(is_anonymous=True))
    assert b"Wulandari" not in case_pdf(anonymous)


def test_a_later_message_is_shown_with_its_time_and_files() -> None:
    pdf = case_pdf(an_addition())
    assert b"(2026-03-02 13:40 WIB)" in pdf
    assert b"(tali-putus.jpg)" in pdf


def test_a_message_without_text_says_what_came() -> None:
    pdf = case_pdf(an_addition(messages=(a_message(text="", attachments=()),)))
    assert rb"\(lokasi / a place\)" in pdf
    assert rb"\(kosong / empty\)" in case_pdf(
        an_addition(messages=(a_message(text="", location=None, attachments=()),))
    )
