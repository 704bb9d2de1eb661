"""Nobody is disturbed at night, by the clock of the place."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from gateway.quiet import WIB, WIT, WITA, QuietHours, parse_quiet_hours, zone_of


@pytest.mark.parametrize(
    ("code", "zone"),
    [("33.74.02", WIB), ("61", WIB), ("51.71", WITA), ("64", WITA), ("7371", WITA), ("81.71", WIT), ("94", WIT)],
)
def test_a_region_keeps_the_time_of_its_province(code: str, zone: object) -> None:
    assert zone_of(code) is zone


def test_where_no_region_is_known_it_is_western_time() -> None:
    assert zone_of(None) is WIB


@pytest.mark.parametrize(
    ("local", "told"),
    [
        (datetime(2026, 3, 2, 20, 59, 59, tzinfo=WIB), datetime(2026, 3, 2, 20, 59, 59, tzinfo=WIB)),
        (datetime(2026, 3, 2, 21, 0, tzinfo=WIB), datetime(2026, 3, 3, 6, 0, tzinfo=WIB)),
        (datetime(2026, 3, 2, 23, 30, tzinfo=WIB), datetime(2026, 3, 3, 6, 0, tzinfo=WIB)),
        (datetime(2026, 3, 3, 0, 0, tzinfo=WIB), datetime(2026, 3, 3, 6, 0, tzinfo=WIB)),
        (datetime(2026, 3, 3, 5, 59, 59, tzinfo=WIB), datetime(2026, 3, 3, 6, 0, tzinfo=WIB)),
        (datetime(2026, 3, 3, 6, 0, tzinfo=WIB), datetime(2026, 3, 3, 6, 0, tzinfo=WIB)),
    ],
)
def test_what_comes_at_night_is_told_in_the_morning(local: datetime, told: datetime) -> None:
    assert QuietHours().over(local.astimezone(UTC), WIB) == told


def test_evening_in_jakarta_is_night_in_jayapura() -> None:
    evening = datetime(2026, 3, 2, 20, 0, tzinfo=WIB)

    assert QuietHours().over(evening, WIT) == datetime(2026, 3, 3, 6, 0, tzinfo=WIT)


def test_quiet_hours_within_one_day_end_on_that_day() -> None:
    siesta = QuietHours(time(12), time(13))

    noon = datetime(2026, 3, 2, 12, 30, tzinfo=WIB)
    assert siesta.over(noon, WIB) == datetime(2026, 3, 2, 13, 0, tzinfo=WIB)
    assert siesta.over(noon + timedelta(hours=1), WIB) == noon + timedelta(hours=1)


def test_hours_that_begin_and_end_alike_are_never_quiet() -> None:
    night = datetime(2026, 3, 2, 23, 30, tzinfo=WIB)

    assert QuietHours(time(0), time(0)).over(night, WIB) == night


def test_quiet_hours_are_read_as_people_write_them() -> None:
    assert parse_quiet_hours("20:30 - 05:00") == QuietHours(time(20, 30), time(5))


@pytest.mark.parametrize("text", ["", "21:00", "21-6h", "25:00-06:00", "21:00-"])
def test_other_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="21:00-06:00"):
        parse_quiet_hours(text)
