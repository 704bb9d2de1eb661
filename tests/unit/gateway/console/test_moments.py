"""Times are shown in Western Indonesian Time, numbers as the language writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.console.moments import clock_time, grouped, short_time, size_told, span
from gateway.console.texts import LANGUAGES
from gateway.operations.log_query import moment_of

NOW = datetime(2026, 3, 2, 20, 15, 9, tzinfo=UTC)


def test_a_time_is_shown_as_the_clock_in_jakarta_shows_it() -> None:
    assert [clock_time(language, NOW) for language in LANGUAGES] == ["3 Mar 2026, 03.15.09", "3 Mar 2026, 03:15:09"]


def test_today_shows_the_hour_and_another_day_its_date() -> None:
    yesterday, last_year = datetime(2026, 3, 2, 10, 0, tzinfo=UTC), datetime(2025, 5, 2, 10, 0, tzinfo=UTC)
    assert [short_time("id", at, NOW) for at in (NOW, yesterday, last_year)] == [
        "03.15.09",
        "2 Mar, 17.00",
        "2 Mei 2025, 17.00",
    ]


@pytest.mark.parametrize(
    ("size", "expected"), [(268, "268 byte"), (1200, "1,2 kB"), (8_000_000, "8,0 MB"), (64 * 10**9, "64,0 GB")]
)
def test_a_file_is_as_large_as_people_say(size: int, expected: str) -> None:
    assert size_told("id", size) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.0, "0 s"), (0.0123, "12 ms"), (59.9, "59 s"), (60, "1 min"), (7200, "2 h"), (200_000, "2 d")],
)
def test_a_span_is_told_in_its_largest_unit(seconds: float, expected: str) -> None:
    assert span("en", seconds) == expected


def test_thousands_stand_apart_as_the_language_writes_them() -> None:
    assert (grouped("id", 1234567.25, 1), grouped("en", 1234567)) == ("1.234.567,2", "1,234,567")


def test_a_moment_in_a_form_is_one_of_jakarta() -> None:
    assert moment_of("2026-03-03T03:15", NOW) == datetime(2026, 3, 2, 20, 15, tzinfo=UTC)


def test_an_empty_field_is_no_moment() -> None:
    assert moment_of(" ", NOW) is None


def test_what_is_no_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="tomorrow"):
        moment_of("tomorrow", NOW)
