"""When a destination is open."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.hours import ALWAYS, ZONES, Once, Opening, Weekly, opens_at

WIB, WIT = ZONES["WIB"], ZONES["WIT"]
WEEKDAYS = frozenset(range(5))
OFFICE = Opening((Weekly(WEEKDAYS, time(7), time(20), WIB),))
MONDAY = datetime(2026, 3, 2, tzinfo=WIB)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """So many days after a Monday, in Jakarta."""
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        (at(0, 6, 59), at(0, 7)),
        (at(0, 7), at(0, 7)),
        (at(0, 19, 59), at(0, 19, 59)),
        (at(0, 20), at(1, 7)),
        (at(4, 20), at(7, 7)),
        (at(5, 12), at(7, 7)),
    ],
    ids=["before", "at opening", "last minute", "closing", "friday night", "saturday"],
)
def test_office_hours(asked: datetime, opens: datetime) -> None:
    assert opens_at(OFFICE, asked) == opens


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night = Opening((Weekly(frozenset({4}), time(22), time(4), WIB),))
    assert opens_at(night, at(5, 3)) == at(5, 3)
    assert opens_at(night, at(5, 4)) == at(11, 22)
    assert opens_at(night, at(4, 3)) == at(4, 22)


def test_a_whole_day_is_from_midnight_to_midnight() -> None:
    days = Opening((Weekly(WEEKDAYS, time(0), time(0), WIB),))
    assert opens_at(days, at(0, 23, 59)) == at(0, 23, 59)
    assert opens_at(days, at(4, 23, 59)) == at(4, 23, 59)
    assert opens_at(days, at(5, 0)) == at(7, 0)


def test_a_zone_moves_the_hours() -> None:
    papua = Opening((Weekly(WEEKDAYS, time(7), time(20), WIT),))
    assert opens_at(papua, at(0, 4, 59)) == at(0, 5)
    assert opens_at(papua, at(0, 18)) == at(1, 5)


def test_the_zone_of_the_question_does_not_matter() -> None:
    assert opens_at(OFFICE, at(0, 6).astimezone(UTC)) == at(0, 7)


def test_several_spans_are_open_together() -> None:
    split = Opening(
        (Weekly(WEEKDAYS, time(8), time(12), WIB), Weekly(WEEKDAYS, time(13), time(16), WIB)),
    )
    assert opens_at(split, at(0, 12, 30)) == at(0, 13)


def test_maintenance_closes_and_what_follows_it_counts() -> None:
    down = Once(at(0, 12), at(0, 21))
    assert opens_at(Opening(maintenance=(down,)), at(0, 13)) == at(0, 21)
    assert opens_at(Opening(OFFICE.hours, (down,)), at(0, 13)) == at(1, 7)
    assert opens_at(Opening(OFFICE.hours, (down,)), at(0, 11)) == at(0, 11)


def test_maintenance_may_come_every_week() -> None:
    weekly = Opening(maintenance=(Weekly(frozenset({6}), time(23), time(2), WIB),))
    assert opens_at(weekly, at(6, 23, 30)) == at(7, 2)
    assert opens_at(weekly, at(5, 23, 30)) == at(5, 23, 30)


def test_emergencies_may_pass_outside_the_hours_but_not_during_maintenance() -> None:
    opening = Opening(OFFICE.hours, (Once(at(5, 0), at(5, 12)),), urgent_always=True)
    assert opens_at(opening, at(6, 3), urgent=True) == at(6, 3)
    assert opens_at(opening, at(6, 3)) == at(7, 7)
    assert opens_at(opening, at(5, 3), urgent=True) == at(5, 12)
    assert opens_at(OFFICE, at(6, 3), urgent=True) == at(7, 7)


def test_one_that_never_opens_is_asked_again_in_a_year() -> None:
    never = Opening(OFFICE.hours, (Weekly(frozenset(range(7)), time(0), time(0), WIB),))
    assert opens_at(never, at(0, 0)) - at(0, 0) >= timedelta(days=365)


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=365)).map(lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since)
WEEKLIES = st.builds(
    Weekly,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times(),
    st.times(),
    st.sampled_from(sorted(set(ZONES.values()), key=str)),
)


@given(WEEKLIES, MOMENTS)
def test_it_is_open_at_the_moment_that_is_named_and_at_none_before(weekly: Weekly, moment: datetime) -> None:
    opening = Opening((weekly,))
    opens = opens_at(opening, moment)
    assert opens >= moment
    assert opens_at(opening, opens) == opens
    if opens > moment:
        just_before = opens - timedelta(microseconds=1)
        assert opens_at(opening, just_before) == opens


@given(MOMENTS)
def test_without_hours_it_is_always_open(moment: datetime) -> None:
    assert opens_at(ALWAYS, moment) == moment
