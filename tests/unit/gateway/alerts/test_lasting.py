"""An alert is told once when it begins and once when it is over, however its condition comes and goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gateway.alerts.conditions import Condition, Kind
from gateway.alerts.lasting import USUAL, Alert, State, Step, steps

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DOWN = Condition(Kind.DESTINATION_DOWN, "sp4n", {"gate": "breaker open"})
DISK = Condition(Kind.DISK, "files", {"free_mib": 3})
MINUTE = timedelta(minutes=1)
NAME = UUID(int=7)


def run(*rounds: tuple[int, bool], condition: Condition = DOWN) -> list[tuple[State | None, bool]]:
    """State and told after each round; a round is its minute and whether the condition holds then."""
    known: Alert | None = None
    seen: list[tuple[State | None, bool]] = []
    for minute, holds in rounds:
        found = [condition] if holds else []
        taken = steps([known] if known else [], found, NOW + minute * MINUTE, USUAL, lambda: NAME)
        step = taken[0] if taken else Step(known, known)
        told, known = step.tell, step.after
        seen.append((known.state if known else None, told))
        if known is not None and known.state is State.CLEARED:
            known = None
    return seen


def test_what_needs_no_patience_is_told_at_once() -> None:
    assert run((0, True), (1, True), condition=DISK) == [(State.RAISED, True), (State.RAISED, False)]


def test_what_passes_by_itself_within_its_time_is_never_told() -> None:
    assert run((0, True), (0, False)) == [(State.SEEN, False), (None, False)]


def test_what_lasts_is_told_once() -> None:
    assert run((0, True), (1, True), (2, True)) == [(State.SEEN, False), (State.RAISED, True), (State.RAISED, False)]


def test_an_end_counts_only_once_it_has_lasted() -> None:
    rounds = ((0, True), (1, True), (2, False), (5, True), (9, False), (10, False))
    assert [told for _, told in run(*rounds)] == [False, True, False, False, False, True]


def test_the_figures_move_on_and_other_alerts_are_left_alone() -> None:
    alert = Alert(NAME, Kind.DISK, "files", State.RAISED, NOW, NOW, {"free_mib": 9}, raised_at=NOW)
    other = Alert(UUID(int=8), Kind.DISK, "keys", State.RAISED, NOW, NOW, {"free_mib": 9}, raised_at=NOW)
    (step,) = steps([alert, other], [DISK], NOW + MINUTE, USUAL, lambda: NAME)
    assert step.after is not None
    assert (step.after.detail, step.after.last_at, step.tell) == ({"free_mib": 3}, NOW + MINUTE, False)


@given(st.lists(st.booleans(), max_size=60))
def test_beginnings_and_ends_are_told_in_turn_and_never_more_often_than_the_quiet_time(holds: list[bool]) -> None:
    told = [state for state, told in run(*enumerate(holds)) if told]
    turns = [State.RAISED, State.CLEARED] * len(told)
    assert told == turns[: len(told)]
    assert len(told) <= 2 + len(holds) // 3
