"""A clock that follows another one: put right when it is wrong, left alone when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.clock import TOLERANCE, FollowingClock, SystemClock

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NONE, DAY, SECOND = timedelta(), timedelta(days=1), timedelta(seconds=1)


class SetClock:
    """Stands where it is put."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 7.0


def test_it_goes_by_its_own_clock_until_it_hears_otherwise() -> None:
    clock = FollowingClock(SetClock())
    assert (clock.now(), clock.monotonic()) == (NOW, 7.0)


def test_a_difference_within_the_tolerance_changes_nothing() -> None:
    clock = FollowingClock(SetClock())
    assert [clock.follow(NOW, NOW + off) for off in (NONE, TOLERANCE, -TOLERANCE)] == [NONE] * 3
    assert clock.now() == NOW


def test_a_larger_one_moves_it_to_the_right_time_and_back_again() -> None:
    own = SetClock()
    clock = FollowingClock(own)
    own.at = NOW + DAY
    assert (clock.follow(clock.now(), NOW), clock.now()) == (-DAY, NOW)
    own.at = NOW
    assert (clock.follow(clock.now(), NOW), clock.now()) == (DAY, NOW)


def test_an_answer_that_took_long_is_no_difference() -> None:
    own = SetClock()
    clock = FollowingClock(own)
    own.at = NOW + 60 * SECOND
    assert clock.follow(NOW, NOW + SECOND) == NONE


def test_the_machines_clock_is_in_utc_and_never_runs_back() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
