"""The day that a text says something happened on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.incident_dates import incident_date
from gateway.quiet import WIB, WIT

NOW = datetime(2025, 9, 10, 10, tzinfo=WIB)
"""A Wednesday."""


def day(month: int, day_of_month: int, year: int = 2025) -> date:
    return date(year, month, day_of_month)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("banjir kemarin sore", day(9, 9)),
        ("kmrn malam lampu mati", day(9, 9)),
        ("wingi sore dalane ambles", day(9, 9)),
        ("kemarin lusa", day(9, 8)),
        ("tadi pagi listrik mati", day(9, 10)),
        ("barusan terjadi", day(9, 10)),
        ("hari ini", day(9, 10)),
        ("semalam hujan", day(9, 9)),
        ("tadi malam", day(9, 9)),
        ("2 hari yang lalu", day(9, 8)),
        ("Sejak tiga hari yg lalu air mati", day(9, 7)),
        ("Senin lalu", day(9, 8)),
        ("rabu kemarin", day(9, 3)),
        ("sabtu malam kemarin", day(9, 6)),
        ("hari Minggu lalu", day(9, 7)),
        ("Jumat minggu lalu", day(9, 5)),
    ],
)
def test_a_relative_day_is_counted_from_when_it_was_written(text: str, expected: date) -> None:
    assert incident_date(text, NOW, WIB) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17/8/2025", day(8, 17)),
        ("17-08-25", day(8, 17)),
        ("17.8.2025", day(8, 17)),
        ("2025-08-17", day(8, 17)),
        ("17 Agustus 2024", day(8, 17, 2024)),
        ("tgl 2 Sept 2025 jam 10", day(9, 2)),
        ("3 Mei 24", day(5, 3, 2024)),
        ("17 Agustus", day(8, 17)),
        ("10 desember", day(12, 10, 2024)),
        ("tgl 17/8 mati air", day(8, 17)),
        ("tanggal 3 saya ke kantor", day(9, 3)),
        ("tgl. 17 saya ke kantor", day(8, 17)),
        ("3 Mei sampai 5 Mei", day(5, 3)),
        ("jam 17.08 kemarin", day(9, 9)),
    ],
)
def test_a_date_is_read_day_first_and_without_a_year_as_the_last_one(text: str, expected: date) -> None:
    assert incident_date(text, NOW, WIB) == expected


@pytest.mark.parametrize(
    "text",
    [
        "jalan rusak",
        "minggu lalu",
        "2 minggu lalu",
        "tahun kemarin",
        "kemarin ini",
        "17 Agustus 2024 dan 3 Mei 2025",
        "dari tgl 3 sampai 5 Mei",
        "31/02/2025",
        "29 Februari",
        "tanggal 32",
        "10 Oktober",
        "12 September nanti",
        "sejak 1 Januari 2019",
        "Rp 17.08.25",
        "telp 0812-11-12",
    ],
)
def test_what_says_no_day_or_more_than_one_is_left_out(text: str) -> None:
    assert incident_date(text, NOW, WIB) is None


@pytest.mark.parametrize(
    "text",
    [
        "lahir tanggal 17 Agustus 2024",
        "jalan 17 Agustus rusak",
        "batas waktu tanggal 2 September 2025",
        "RT 03/08/2025",
        "setiap tanggal 5",
        "pasal 5/2/2024",
    ],
)
def test_the_day_of_a_birth_a_deadline_or_a_street_is_not_when_it_happened(text: str) -> None:
    assert incident_date(text, NOW, WIB) is None


def test_a_night_told_of_in_the_evening_may_be_this_one() -> None:
    assert incident_date("tadi malam", NOW.replace(hour=21), WIB) is None


def test_today_is_that_of_the_place() -> None:
    assert incident_date("hari ini", datetime(2025, 9, 9, 16, tzinfo=UTC), WIT) == day(9, 10)


@given(st.text(), st.sampled_from(["", "kemarin ", "tgl 3/", "17 agustus ", "2 hari ", "lalu", "senin "]), st.text())
def test_no_text_breaks_it_and_no_day_lies_ahead(before: str, middle: str, after: str) -> None:
    found = incident_date(f"{before}{middle}{after}", NOW, WIB)
    assert found is None or NOW.date() - timedelta(days=1830) <= found <= NOW.date()
