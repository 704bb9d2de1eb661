"""A clock that follows another one: put right when it is wrong, left alone when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.clock import TOLERANCE, FollowingClock, SystemClock

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NONE, DAY, SECOND = timedelta(), timedelta(days=1), timedelta(seconds=1)


class SetClock:
    """Stands where it is put. Its seconds go on only when time passes, not when it jumps."""

    def __init__(self) -> None:
        self.at = NOW
        self.seconds = 7.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_time(self, span: timedelta) -> None:
        self.at += span
        self.seconds += span.total_seconds()


def test_it_goes_by_its_own_clock_until_it_hears_otherwise() -> None:
    clock = FollowingClock(SetClock())
    assert (clock.now(), clock.monotonic()) == (NOW, 7.0)


def test_a_difference_within_the_tolerance_changes_nothing() -> None:
    clock = FollowingClock(SetClock())
    assert [clock.follow(NOW, NOW + off) for off in (NONE, TOLERANCE, -TOLERANCE)] == [NONE] * 3
    assert clock.now() == NOW


def test_a_larger_one_moves_it_to_the_right_time() -> None:
    own = SetClock()
    clock = FollowingClock(own)
    assert (clock.follow(clock.now(), NOW - DAY), clock.now()) == (-DAY, NOW - DAY)
    own.pass_time(SECOND)
    assert (clock.follow(clock.now(), NOW + SECOND), clock.now()) == (DAY, NOW + SECOND)


def test_a_jump_that_its_seconds_know_nothing_of_is_not_followed_ahead_nor_back() -> None:
    own = SetClock()
    clock = FollowingClock(own)
    for number, jump in enumerate((DAY, -2 * DAY, DAY), start=1):
        own.at += jump
        own.pass_time(SECOND)
        assert clock.now() == NOW + number * SECOND
        assert clock.follow(clock.now(), NOW + number * SECOND) == NONE


def test_time_that_passes_and_a_clock_that_is_moved_a_little_are_followed() -> None:
    own = SetClock()
    clock = FollowingClock(own)
    own.pass_time(DAY)
    own.at += SECOND
    assert clock.now() == NOW + DAY + SECOND


def test_whoever_it_follows_is_believed_against_its_own_seconds() -> None:
    own = SetClock()
    clock = FollowingClock(own)
    own.at += DAY  # a machine that slept: its seconds stood still
    assert (clock.now(), clock.follow(clock.now(), NOW + DAY), clock.now()) == (NOW, DAY, NOW + DAY)


def test_an_answer_that_took_long_is_no_difference() -> None:
    own = SetClock()
    clock = FollowingClock(own)
    own.pass_time(60 * SECOND)
    assert clock.follow(NOW, NOW + SECOND) == NONE


def test_the_machines_clock_is_in_utc_and_never_runs_back() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
