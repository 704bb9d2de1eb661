"""The law's clocks, against a count made hour by hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clocks import Calendar, ClockKind, ClockState, Facts, Party, Reading, Spell, read_clocks
from gateway.quiet import WIB, WIT, WITA
from schemas.vocabulary import Classification
from tests.unit.gateway.clocks import naive

CALENDAR = Calendar()
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 09:00 WIB
DAY = timedelta(days=1)

hours = st.integers(0, 24 * 60).map(lambda hours: START + timedelta(hours=hours))
zones = st.sampled_from([WIB, WITA, WIT])


@st.composite
def spells(draw: st.DrawFn) -> tuple[Spell, ...]:
    found = []
    for party in draw(st.lists(st.sampled_from(list(Party)), max_size=4)):
        start = draw(hours)
        length = draw(st.integers(1, 24 * 20) | st.none())
        end = start + timedelta(hours=length) if length else None
        found.append(Spell(party, start, end, draw(st.booleans())))
    return tuple(found)


def facts(**more: object) -> Facts:
    values: dict[str, object] = {"accepted_at": START, "classification": Classification.UNKNOWN, "zone": WIB}
    return Facts(**(values | more))  # type: ignore[arg-type]


def reading(facts: Facts, now: datetime, kind: ClockKind = ClockKind.VERIFICATION) -> Reading:
    return next(one for one in read_clocks(facts, CALENDAR, now) if one.kind is kind)


def midnight(month: int, day: int, zone: tzinfo = WIB) -> datetime:
    """The end of a day."""
    return datetime(2026, month, day, tzinfo=zone) + DAY


@settings(max_examples=60)
@given(start=hours, now=hours, zone=zones, its=spells())
def test_deadline_and_shares_are_those_of_a_count_made_hour_by_hour(
    start: datetime, now: datetime, zone: tzinfo, its: tuple[Spell, ...]
) -> None:
    start, now = min(start, now), max(start, now)
    one = reading(facts(accepted_at=start, zone=zone, spells=its), now)

    assert one.deadline == naive.deadline(start, 3, zone, its, now)
    assert one.shares == naive.shares(start, now, zone, its)
    assert sum(one.shares.values(), timedelta()) == one.taken


@settings(max_examples=40)
@given(start=hours, met=hours, its=spells(), classification=st.sampled_from(list(Classification)))
def test_a_clock_that_was_met_stands_still_whenever_it_is_looked_at(
    start: datetime, met: datetime, its: tuple[Spell, ...], classification: Classification
) -> None:
    start, met = min(start, met), max(start, met)
    case = facts(accepted_at=start, verified_at=start, resolved_at=met, spells=its, classification=classification)
    soon, late = (reading(case, met + timedelta(days=days), ClockKind.RESOLUTION) for days in (0, 100))

    assert soon == late
    in_time = met <= naive.deadline(start, soon.days, WIB, its, met)
    assert soon.state is (ClockState.MET if in_time else ClockState.MET_LATE)


def test_verification_has_three_working_days_after_the_day_of_the_report() -> None:
    assert reading(facts(), START).deadline == midnight(3, 5)


@pytest.mark.parametrize(
    ("zone", "last"),
    [(WIB, "2026-03-05T17:00:00"), (WITA, "2026-03-05T16:00:00"), (WIT, "2026-03-05T15:00:00")],
)
def test_the_day_ends_where_the_report_is_about(zone: tzinfo, last: str) -> None:
    assert reading(facts(zone=zone), START).deadline == datetime.fromisoformat(last).replace(tzinfo=UTC)


def test_a_report_late_in_the_evening_of_wib_is_one_of_the_next_day_in_the_east() -> None:
    late = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 22:30 WIB, 00:30 WIT
    deadlines = [reading(facts(accepted_at=late, zone=zone), late).deadline for zone in (WIB, WIT)]

    assert deadlines == [midnight(3, 5), midnight(3, 6, WIT)]


def test_nyepi_idul_fitri_and_the_leave_around_them_do_not_count() -> None:
    before = datetime(2026, 3, 17, 3, 0, tzinfo=UTC)  # Tuesday; off from the 18th to the 24th

    assert reading(facts(accepted_at=before), before).deadline == midnight(3, 27)


@pytest.mark.parametrize(
    ("classification", "days"),
    [
        (Classification.INFORMATION, 5),
        (Classification.WITHOUT_SUPERVISION, 14),
        (Classification.WITH_SUPERVISION, 60),
    ],
)
def test_resolution_has_as_many_days_as_its_class(classification: Classification, days: int) -> None:
    case = facts(classification=classification, verified_at=START)

    assert reading(case, START, ClockKind.RESOLUTION).days == days


def test_the_later_clocks_begin_with_the_verification() -> None:
    assert [one.kind for one in read_clocks(facts(), CALENDAR, START)] == [ClockKind.VERIFICATION]
    kinds = [one.kind for one in read_clocks(facts(verified_at=START), CALENDAR, START)]
    assert kinds == [ClockKind.VERIFICATION, ClockKind.FIRST_FOLLOWUP, ClockKind.RESOLUTION]


def test_the_reporters_own_clock_is_not_paused_by_waiting_for_the_reporter() -> None:
    asked = facts(asked_at=START, spells=(Spell(Party.REPORTER, START, None, pauses=True),))
    one = reading(asked, START + 60 * DAY, ClockKind.REPORTER_ANSWER)

    assert (one.state, one.paused, one.deadline) == (ClockState.BROKEN, False, midnight(3, 16))


def test_a_clock_warns_a_working_day_before_it_runs_out_and_says_when_to_look_again() -> None:
    now, states = START, []
    for _ in range(3):
        one = reading(facts(), now)
        states.append(one.state)
        now = one.next_look or now

    assert states == [ClockState.RUNNING, ClockState.APPROACHING, ClockState.BROKEN]
    assert now == midnight(3, 5) + timedelta(seconds=1)


def test_a_paused_clock_is_looked_at_when_something_happens() -> None:
    one = reading(facts(spells=(Spell(Party.REPORTER, START, None, pauses=True),)), START + DAY)

    assert (one.paused, one.next_look) == (True, None)


def test_a_reopened_case_has_its_time_anew() -> None:
    again = START + 30 * DAY
    case = facts(verified_at=START, resolved_at=None, reopened_at=again)

    one = reading(case, again, ClockKind.RESOLUTION)
    assert (one.started_at, one.state) == (again, ClockState.RUNNING)


def test_nothing_is_waited_for_after_a_withdrawal_but_what_was_met_stays() -> None:
    case = facts(verified_at=START + DAY, ended_at=START + 2 * DAY)

    assert [one.kind for one in read_clocks(case, CALENDAR, START + 9 * DAY)] == [ClockKind.VERIFICATION]


def test_a_question_that_stays_open_for_years_stops_no_clock_from_being_read() -> None:
    waiting = facts(verified_at=START, spells=(Spell(Party.REPORTER, START, None, pauses=True),))
    one = reading(waiting, START + 2000 * DAY, ClockKind.RESOLUTION)

    assert (one.paused, one.state, one.deadline > START + 2000 * DAY) == (True, ClockState.RUNNING, True)
