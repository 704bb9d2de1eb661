"""How often a destination is asked about a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from gateway.polling import PollPolicy, next_poll

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
EVEN = PollPolicy(jitter=0.0)
HOUR = 3600.0


def wait(age: float, policy: PollPolicy = EVEN, **more: float) -> float:
    asked = next_poll(policy, NOW, NOW - timedelta(seconds=age), lambda: 0.5, **more)  # type: ignore[arg-type]
    return (asked - NOW).total_seconds()


def test_a_case_that_just_changed_is_asked_about_soon() -> None:
    assert wait(0) == 600


def test_the_longer_it_stands_still_the_more_seldom_it_is_asked_about() -> None:
    assert [wait(hours * HOUR) / HOUR for hours in (10, 24, 72, 2400)] == [1.0, 2.4, 7.2, 12.0]


def test_each_failure_doubles_the_shortest_wait_up_to_the_longest() -> None:
    assert [wait(0, failures=failures) for failures in (1, 2, 3, 400)] == [1200, 2400, 4800, 12 * HOUR]


def test_what_the_destination_asks_for_is_kept_but_no_longer_than_a_day() -> None:
    assert wait(0, retry_after=5000) == 5000
    assert wait(0, retry_after=10**9) == 24 * HOUR


def test_a_case_that_changed_in_the_future_is_as_if_it_changed_now() -> None:
    assert wait(-5 * HOUR) == 600


@given(
    age=st.floats(0, 1e9),
    chance=st.floats(0, 1, exclude_max=True),
    failures=st.integers(0, 10**6),
    policy=st.builds(PollPolicy, st.floats(1, 1e4), st.floats(1e4, 1e6), st.floats(0.01, 1), st.floats(0, 1)),
)
def test_the_wait_always_lies_between_the_two_limits(
    age: float, chance: float, failures: int, policy: PollPolicy
) -> None:
    asked = next_poll(policy, NOW, NOW - timedelta(seconds=age), lambda: chance, failures=failures)

    waited = (asked - NOW).total_seconds()
    assert policy.soonest - 1e-3 <= waited <= policy.longest * (1 + policy.jitter) + 1e-3
