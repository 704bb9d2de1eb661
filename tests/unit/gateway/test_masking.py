"""What a destination answered is shown without secrets, identity and the reporter's own words."""

from __future__ import annotations

import pytest

from gateway.masking import masked
from schemas.report import Report, Reporter

REPORT = Report(title="Obat habis di puskesmas", content="Obat habis di puskesmas Cibiru.\nSudah dua minggu kosong.")
REPORTER = Reporter(
    name="Marlina Siagiman", phone="+6281200000001", email="marlina@example.com", nik="3273014101900001"
)


def shown(text: str) -> str:
    return masked(text, report=REPORT, reporter=REPORTER, secrets=["token-rahasia", ""])


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("bad token-rahasia given", "token-rahasia"),
        ('{"token":"abc123"}', "abc123"),
        ("Authorization: Bearer abc123", "abc123"),
        ("reported by marlina siagiman", "siagiman"),
        ("call 0812 0000 0001", "0001"),
        ("call 081399990000 of somebody else", "081399990000"),
        ("nik 3273014101900001", "3273014101900001"),
        ("number 1234567890123456", "1234567890123456"),
        ("mail marlina@example.com or budi@example.com", "@example.com"),
        ("echo: OBAT HABIS DI PUSKESMAS", "HABIS"),
        ("echo: Sudah dua minggu kosong.", "minggu"),
    ],
)
def test_this_is_not_shown(text: str, gone: str) -> None:
    assert gone not in shown(text)


def test_what_is_neither_is_shown_as_it_came() -> None:
    text = '{"status":"success","complaint_id":5000110}'
    assert shown(text) == text


def test_without_a_report_and_a_reporter_the_patterns_still_hold() -> None:
    assert masked("call 081399990000", report=None, reporter=None, secrets=()) == "call […]"
