"""How many calls at once, learned from the answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.congestion import Flow, after_answer, after_overload, full_flow, resized


def answered(flow: Flow, times: int, seconds: float = 0.1, at: float = 100.0) -> Flow:
    for _ in range(times):
        flow = after_answer(flow, seconds, at, at)
    return flow


def test_it_starts_at_what_is_configured() -> None:
    assert full_flow(8).slots == 8


def test_a_sign_of_overload_halves_it_once_for_all_calls_that_were_under_way() -> None:
    flow = after_overload(full_flow(8), began=0.0, now=1.0)
    assert flow.slots == 4
    assert after_overload(flow, began=0.5, now=1.1).slots == 4
    assert after_overload(flow, began=1.5, now=2.0).slots == 2


def test_it_grows_back_by_one_for_as_many_answers_as_there_are_slots() -> None:
    flow = after_overload(full_flow(8), 0.0, 1.0)
    assert answered(flow, 3).slots == 4
    assert answered(flow, 5).slots == 5
    assert answered(flow, 100).slots == 8


def test_an_answer_far_slower_than_usual_is_a_sign() -> None:
    flow = answered(full_flow(10), 10, seconds=0.3)
    assert after_answer(flow, 1.4, 200.0, 201.4).slots == 10
    assert after_answer(flow, 1.6, 200.0, 201.6).slots == 8


def test_a_fast_answer_is_none_however_fast_the_others_are() -> None:
    flow = answered(full_flow(10), 10, seconds=0.001)
    assert after_answer(flow, 0.9, 200.0, 200.9).slots == 10


def test_a_destination_that_became_slow_for_good_is_not_held_down_for_ever() -> None:
    flow = answered(full_flow(8), 10, seconds=0.3)
    for number in range(400):
        at = 200.0 + number
        flow = after_answer(flow, 2.0, at, at)
    assert flow.slots == 8


@given(st.integers(1, 64), st.lists(st.tuples(st.sampled_from(["answer", "overload"]), st.floats(0, 100)), max_size=60))
def test_it_never_leaves_its_bounds(most: int, story: list[tuple[str, float]]) -> None:
    flow, now = full_flow(most), 0.0
    for kind, seconds in story:
        now += seconds
        began = now - seconds
        flow = after_answer(flow, seconds, began, now) if kind == "answer" else after_overload(flow, began, now)
        assert 1 <= flow.slots <= most
        assert 1.0 <= flow.limit <= most


def test_what_is_shared_anew_is_learned_anew_only_where_nothing_was_learned() -> None:
    assert resized(full_flow(8), 8) == full_flow(8)
    assert (resized(full_flow(8), 4).slots, resized(full_flow(4), 8).slots) == (4, 8)
    crowded = after_overload(full_flow(8), 0.0, 1.0)
    assert (resized(crowded, 9).slots, resized(crowded, 2).slots) == (4, 2)
    assert (resized(crowded, 0).slots, resized(resized(full_flow(8), 0), 8).slots) == (0, 8)
