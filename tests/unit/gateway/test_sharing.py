"""How workers share a destination, each by itself and all with the same result."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sharing import Turn, next_era, share_of

WORKERS = st.lists(st.uuids(), min_size=1, max_size=20, unique=True)


@given(st.integers(0, 100), WORKERS)
def test_all_shares_together_are_what_is_allowed(most: int, workers: list[UUID]) -> None:
    shares = [share_of(most, workers, each) for each in workers]
    assert sum(shares) == most
    assert max(shares) - min(shares) <= 1


def test_a_worker_that_the_others_do_not_see_yet_counts_itself() -> None:
    assert share_of(8, [UUID(int=1)], UUID(int=2)) == 4
    assert share_of(8, [], UUID(int=2)) == 8


@pytest.mark.parametrize(
    ("seen", "is_open", "era"), [([], True, 1), ([0, 0], True, 1), ([1], False, 2), ([3], True, 5), ([4], False, 6)]
)
def test_a_change_takes_a_number_that_nobody_has_seen(seen: list[int], is_open: bool, era: int) -> None:
    assert next_era(seen, is_open=is_open) == era


@given(st.lists(st.integers(0, 50), max_size=9), st.booleans(), st.uuids())
def test_its_number_says_whether_it_was_opened(seen: list[int], is_open: bool, worker: UUID) -> None:
    turn = Turn(next_era(seen, is_open=is_open), worker)
    assert turn.is_open is is_open
    assert all(turn.era > each for each in seen)
