"""When to try again, and when it is enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.retry import (
    HOUR,
    LONGEST_FOR_URGENT,
    LONGEST_RETRY_AFTER,
    MINIMUM_HORIZON,
    RetryPolicy,
    for_urgent,
    next_look,
    next_wait,
)


def least() -> float:
    return 0.0


def most() -> float:
    return 0.999


POLICY = RetryPolicy(quick=(5.0, 30.0), longest=HOUR, horizon=100 * HOUR, jitter=0.5, growth=3.0)


@pytest.mark.parametrize(
    ("tries", "expected"), [(1, 5.0), (2, 30.0), (3, 90.0), (4, 270.0), (5, 810.0), (6, 2430.0), (7, HOUR), (50, HOUR)]
)
def test_the_quick_waits_come_first_and_then_they_grow_to_the_longest(tries: int, expected: float) -> None:
    assert next_wait(POLICY, tries, 0.0, None, least) == expected


def test_an_emergency_waits_as_others_do_but_never_longer_than_a_quarter_of_an_hour() -> None:
    waits = [next_wait(for_urgent(RetryPolicy()), tries, 0.0, None, least) for tries in range(1, 12)]
    assert waits == [5.0, 30.0, 120.0, 600.0, *[LONGEST_FOR_URGENT] * 7]
    rare = RetryPolicy(quick=(HOUR,), longest=2 * HOUR)
    assert for_urgent(rare) == RetryPolicy(quick=(LONGEST_FOR_URGENT,), longest=LONGEST_FOR_URGENT)
    often = RetryPolicy(quick=(1.0,), longest=60.0)
    assert for_urgent(often) == often


def test_jitter_only_makes_a_wait_longer() -> None:
    assert next_wait(POLICY, 2, 0.0, None, lambda: 0.5) == 30.0 * 1.25


def test_the_default_policy_tries_for_at_least_76_hours() -> None:
    policy, elapsed, tries = RetryPolicy(), 0.0, 0
    while (wait := next_wait(policy, tries := tries + 1, elapsed, None, least)) is not None:
        elapsed += wait
    assert elapsed >= 76 * HOUR == MINIMUM_HORIZON
    assert tries > 15


def test_the_last_try_is_made_at_the_horizon_and_none_after_it() -> None:
    assert next_wait(POLICY, 99, 100 * HOUR - 60, None, least) == 60
    assert next_wait(POLICY, 99, 100 * HOUR, None, least) is None


def test_a_retry_never_comes_before_what_the_destination_asked_for() -> None:
    assert next_wait(POLICY, 1, 0.0, 600.0, most) == 600.0


def test_a_destination_cannot_ask_for_more_than_a_day() -> None:
    assert next_wait(POLICY, 1, 0.0, 1e9, least) == LONGEST_RETRY_AFTER


def test_without_quick_waits_it_grows_from_the_first_try() -> None:
    policy = RetryPolicy(quick=(), growth=2.0)
    assert [next_wait(policy, tries, 0.0, None, least) for tries in (1, 2, 3)] == [2.0, 4.0, 8.0]


@given(
    tries=st.integers(0, 10_000),
    elapsed=st.floats(0, 500 * HOUR),
    retry_after=st.none() | st.floats(0, 1e7),
    chance=st.floats(0, 0.999),
)
def test_a_wait_is_positive_bounded_and_absent_only_after_the_horizon(
    tries: int, elapsed: float, retry_after: float | None, chance: float
) -> None:
    wait = next_wait(POLICY, tries, elapsed, retry_after, lambda: chance)
    if elapsed >= POLICY.horizon:
        assert wait is None
    else:
        assert wait is not None
        assert 0 < wait <= max(POLICY.longest * 1.5, LONGEST_RETRY_AFTER)
        assert elapsed + wait <= POLICY.horizon + 1.0


@pytest.mark.parametrize(
    ("elapsed", "expected"), [(0.0, 300.0), (99 * HOUR, 300.0), (100 * HOUR - 60, 60.0), (100 * HOUR, None)]
)
def test_looks_come_at_an_even_pace_until_the_horizon(elapsed: float, expected: float | None) -> None:
    assert next_look(POLICY, elapsed, 300.0, least) == expected
