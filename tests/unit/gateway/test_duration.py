"""Durations as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.duration import parse_duration, spell_duration


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("5s", 5.0),
        ("500ms", 0.5),
        ("2m", 120.0),
        ("76h", 273_600.0),
        ("2d", 172_800.0),
        ("1h 30m", 5_400.0),
        ("1H30M", 5_400.0),
        (" 1.5h ", 5_400.0),
        ("90", 90.0),
        (90, 90.0),
        (0.25, 0.25),
        (0, 0.0),
    ],
)
def test_a_duration_is_read_in_seconds(written: object, seconds: float) -> None:
    assert parse_duration(written) == pytest.approx(seconds)


@pytest.mark.parametrize("written", ["", "soon", "5 parsecs", "h", "-5s", "5s ago", True, None, [5], -1, float("inf")])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(written)


@pytest.mark.parametrize(
    ("seconds", "spelling"),
    [
        (5.0, "5s"),
        (90.0, "90s"),
        (120.0, "2m"),
        (273_600.0, "76h"),
        (172_800.0, "48h"),
        (864_000.0, "10d"),
        (0.5, "0.5s"),
    ],
)
def test_a_duration_is_spelt_as_people_write_it(seconds: float, spelling: str) -> None:
    assert spell_duration(seconds) == spelling


@given(st.integers(min_value=0, max_value=10_000_000))
def test_a_spelling_reads_back_as_the_same_duration(seconds: int) -> None:
    assert parse_duration(spell_duration(float(seconds))) == seconds
