"""Who fails to sign in waits, and longer each time, up to a quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gateway.console.lockout import FREE_OF_A_NAME, LONGEST, allowed_at

LAST = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(1, 0), (4, 0), (5, 15), (6, 30), (7, 60), (10, 480), (11, 900), (500, 900)],
)
def test_each_failure_after_the_free_ones_doubles_the_wait(failures: int, seconds: int) -> None:
    assert allowed_at(failures, LAST, FREE_OF_A_NAME) == LAST + timedelta(seconds=seconds)


def test_nobody_waits_longer_than_a_quarter_of_an_hour() -> None:
    assert allowed_at(10_000, LAST, 0) == LAST + LONGEST
