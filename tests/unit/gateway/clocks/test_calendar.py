"""Working days of Indonesia."""

from __future__ import annotations

from datetime import date, timedelta

from gateway.clocks import Calendar
from tests.unit.gateway.clocks.naive import DAYS_OFF


def test_every_day_of_2026_is_as_the_joint_decree_says() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    expected = [day for day in days if day.isoweekday() <= 5 and day.isoformat() not in DAYS_OFF]

    assert [day for day in days if Calendar().is_working(day)] == expected


def test_a_file_takes_a_day_off_or_gives_it_back() -> None:
    ordinary, leave = date(2026, 7, 1), date(2026, 3, 20)
    corrected = Calendar(added=frozenset({ordinary}), removed=frozenset({leave}))

    assert [corrected.is_working(day) for day in (ordinary, leave)] == [False, True]
    assert [Calendar().is_working(day) for day in (ordinary, leave)] == [True, False]


def test_the_days_of_other_years_are_known_too() -> None:
    assert not any(Calendar().is_working(date(year, 8, 17)) for year in range(2020, 2035))
