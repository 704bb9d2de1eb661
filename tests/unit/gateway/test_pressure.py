"""When intake must take no more."""

from __future__ import annotations

import pytest

from gateway.pressure import Limits, Reading, pressure

LIMITS = Limits(free_bytes=1000, free_share=0.05, backlog=100, waiting=10)
WELL = Reading(free_bytes=5000, total_bytes=10_000, backlog=0, waiting=0)


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        (WELL, None),
        (Reading(999, 10_000, 0, 0), "disk"),
        (Reading(4000, 100_000, 0, 0), "disk"),
        (Reading(5000, 100_000, 100, 10), None),
        (Reading(5000, 10_000, 101, 0), "backlog"),
        (Reading(5000, 10_000, 0, 11), "queue"),
        (Reading(0, 10_000, 101, 11), "disk"),
    ],
)
def test_the_first_limit_that_is_passed_is_named(reading: Reading, why: str | None) -> None:
    assert pressure(LIMITS, reading, was=False) == why


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        (Reading(1050, 10_000, 0, 0), "disk"),
        (Reading(1101, 10_000, 0, 0), None),
        (Reading(5000, 10_000, 95, 0), "backlog"),
        (Reading(5000, 10_000, 90, 9), None),
    ],
)
def test_it_ends_only_when_things_are_clearly_better(reading: Reading, why: str | None) -> None:
    assert pressure(LIMITS, reading, was=True) == why


def test_without_limits_everything_is_let_in() -> None:
    assert pressure(Limits(0, 0.0, 0, 0), Reading(0, 10_000, 10**9, 10**9), was=True) is None
