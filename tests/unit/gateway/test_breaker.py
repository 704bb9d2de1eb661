"""When a destination's calls are let through."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.breaker import (
    Breaker,
    BreakerPolicy,
    BreakerState,
    failed,
    let_through,
    room,
    told_nothing,
    went_well,
)

POLICY = BreakerPolicy(rate=0.5, samples=10, window=60.0, row=4, pause=5.0, longest=40.0, probes=2)
CLOSED, HALF_OPEN, OPEN = BreakerState.CLOSED, BreakerState.HALF_OPEN, BreakerState.OPEN


def after(*ends: str, breaker: Breaker | None = None, now: float = 0.0) -> Breaker:
    """The breaker after calls that ended so at one moment: `+` well, `!` a failure answered, `x` no answer."""
    breaker = breaker or Breaker()
    for end in "".join(ends):
        if end == "+":
            breaker = went_well(breaker, POLICY, breaker.era, now)
        else:
            breaker = failed(breaker, POLICY, breaker.era, now, answered=end == "!")
    return breaker


def probing(breaker: Breaker, now: float) -> Breaker:
    found = let_through(breaker, POLICY, now)
    assert found is not None
    return found


def test_it_opens_at_the_failure_rate_once_there_are_enough_samples() -> None:
    assert after("+!+!+!+!!").state is CLOSED
    assert after("+!+!+!+!!!").state is OPEN
    assert after("++++++++!!").state is CLOSED


def test_it_opens_after_calls_in_a_row_without_any_answer_however_few() -> None:
    assert after("xxx").state is CLOSED
    assert after("xxxx").state is OPEN
    assert after("xxx+x").state is CLOSED
    assert after("xxx!x").state is CLOSED


def test_old_failures_leave_the_window() -> None:
    breaker = after("!!!!!!!!!", now=0.0)
    assert after("!", breaker=breaker, now=59.0).state is OPEN
    assert after("!", breaker=breaker, now=61.0).state is CLOSED


def test_an_open_breaker_lets_nothing_through_until_its_pause_is_over() -> None:
    breaker = after("xxxx")
    assert let_through(breaker, POLICY, 4.9) is None
    assert room(breaker, POLICY, 4.9) == 0
    assert probing(breaker, 5.0).state is HALF_OPEN


def test_half_open_lets_only_a_few_through() -> None:
    breaker = probing(probing(after("xxxx"), 5.0), 5.0)
    assert let_through(breaker, POLICY, 5.0) is None
    assert room(told_nothing(breaker, breaker.era), POLICY, 5.0) == 1


def test_a_probe_that_goes_well_closes_it_and_all_is_forgotten() -> None:
    breaker = probing(after("xxxx"), 5.0)
    closed = went_well(breaker, POLICY, breaker.era, 6.0)
    assert (closed.state, closed.counts, closed.pauses) == (CLOSED, (), 0)


def test_a_probe_that_fails_opens_it_again_for_twice_as_long_up_to_the_longest() -> None:
    breaker, now, pauses = after("xxxx"), 0.0, []
    for _ in range(5):
        pauses.append(breaker.until - now)
        now = breaker.until
        breaker = probing(breaker, now)
        breaker = failed(breaker, POLICY, breaker.era, now, answered=True)
    assert pauses == [5.0, 10.0, 20.0, 40.0, 40.0]


def test_a_call_from_before_it_opened_says_nothing_about_now() -> None:
    before = after("xxx")
    half_open = probing(after("x", breaker=before), 5.0)
    assert went_well(half_open, POLICY, before.era, 6.0) == half_open
    assert failed(half_open, POLICY, before.era, 6.0, answered=False) == half_open


ENDS = st.sampled_from(["well", "broken", "lost", "nothing"])


@given(st.lists(st.tuples(st.floats(0, 30), ENDS, st.integers(0, 3)), max_size=80))
def test_whatever_happens_no_more_probes_are_under_way_than_allowed_and_none_is_forgotten(
    story: list[tuple[float, str, int]],
) -> None:
    breaker, now = Breaker(), 0.0
    under_way: list[int] = []
    for seconds, end, which in story:
        now += seconds
        entered = let_through(breaker, POLICY, now)
        if entered is not None:
            breaker = entered
            under_way.append(breaker.era)
        if breaker.state is HALF_OPEN:
            assert under_way.count(breaker.era) == breaker.probing <= POLICY.probes
        if breaker.state is OPEN:
            assert (entered is None) == (now < breaker.until)
            assert breaker.until - now <= POLICY.longest
        if under_way and which < len(under_way):
            era = under_way.pop(which)
            match end:
                case "well":
                    breaker = went_well(breaker, POLICY, era, now)
                case "nothing":
                    breaker = told_nothing(breaker, era)
                case _:
                    breaker = failed(breaker, POLICY, era, now, answered=end == "broken")


@given(st.lists(st.sampled_from("+!x"), max_size=60))
def test_a_destination_that_answers_well_is_always_reached_again(ends: list[str]) -> None:
    breaker, now = after("".join(ends)), 0.0
    while breaker.state is OPEN:
        now = breaker.until
        breaker = probing(breaker, now)
        breaker = went_well(breaker, POLICY, breaker.era, now)
    assert breaker.state is CLOSED


def test_the_step_of_the_window_does_not_go_back_with_calls_that_come_late() -> None:
    assert len(after("+", breaker=replace(after("+", now=60.0)), now=1.0).counts) == 1
