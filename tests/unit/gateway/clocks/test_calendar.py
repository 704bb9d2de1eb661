"""Working days of Indonesia."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.clocks import Calendar
from gateway.quiet import WIB
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


def test_working_days_are_counted_over_weekends_and_leave() -> None:
    friday = datetime(2026, 3, 13, tzinfo=WIB)
    ends = [friday.replace(day=14), friday.replace(day=17), friday.replace(day=18), friday.replace(day=26)]

    assert [Calendar().after_days(friday, days) for days in (1, 2, 3, 4)] == ends
    assert Calendar().after_days(friday.replace(day=14), 0) == friday.replace(day=16)


def test_what_was_counted_once_is_the_same_in_any_zone_and_for_however_many_days() -> None:
    calendar, first = Calendar(), datetime(2026, 1, 1, tzinfo=WIB)
    midnights = [first + timedelta(days=number) for number in range(1100)]

    once = [calendar.after_days(midnight, 5) for midnight in midnights]

    assert [calendar.after_days(midnight, 5) for midnight in midnights] == once
    assert calendar.after_days(first.astimezone(UTC), 5) == once[0]


def test_the_days_of_other_years_are_known_too() -> None:
    assert not any(Calendar().is_working(date(year, 8, 17)) for year in range(2020, 2035))


def test_a_year_that_was_learned_is_not_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calendar = Calendar()
    calendar.learn(date(2026, 12, 30))
    monkeypatch.setattr("holidays.country_holidays", None)

    assert [calendar.is_working(date(2026, 12, 31)), calendar.is_working(date(2027, 1, 1))] == [True, False]
