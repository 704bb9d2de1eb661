"""Identifiers are version 7 UUIDs: they say when, and sort by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ids import first_id, moment_of, new_id, uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIMES = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
ENTROPY = st.binary(min_size=10, max_size=10)


@given(TIMES, ENTROPY)
def test_version_and_variant_are_those_of_rfc_9562(at: datetime, entropy: bytes) -> None:
    made = uuid7(at, entropy)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


@given(TIMES, ENTROPY)
def test_the_first_48_bits_are_the_exact_millisecond(at: datetime, entropy: bytes) -> None:
    assert uuid7(at, entropy).int >> 80 == (at - EPOCH) // timedelta(milliseconds=1)


def test_a_millisecond_is_not_lost_to_rounding() -> None:
    assert uuid7(EPOCH + timedelta(seconds=1, milliseconds=1), bytes(10)).int >> 80 == 1001


@given(TIMES, TIMES, ENTROPY, ENTROPY)
def test_a_later_millisecond_sorts_later(one: datetime, other: datetime, first: bytes, second: bytes) -> None:
    earlier, later = sorted((one, other))
    if later - earlier >= timedelta(milliseconds=1):
        assert uuid7(earlier, first) < uuid7(later, second)


@given(TIMES, ENTROPY, ENTROPY)
def test_all_74_random_bits_count(at: datetime, one: bytes, other: bytes) -> None:
    mask = (1 << 74) - 1
    same = int.from_bytes(one, "big") & mask == int.from_bytes(other, "big") & mask
    assert (uuid7(at, one) == uuid7(at, other)) is same


def test_the_zone_does_not_matter() -> None:
    jakarta = datetime(2026, 1, 31, 8, tzinfo=timezone(timedelta(hours=7)))
    assert uuid7(jakarta, bytes(10)) == uuid7(jakarta.astimezone(UTC), bytes(10))


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        uuid7(datetime(2026, 1, 31), bytes(10))  # noqa: DTZ001 - that is the point


def test_a_time_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="before 1970"):
        uuid7(EPOCH - timedelta(microseconds=1), bytes(10))


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        uuid7(EPOCH, bytes(9))


def test_fresh_ids_of_one_moment_differ() -> None:
    at = datetime(2026, 1, 31, 8, tzinfo=UTC)
    assert len({new_id(at) for _ in range(100)}) == 100


@given(TIMES, ENTROPY)
def test_an_id_tells_the_millisecond_that_it_was_made_for(at: datetime, entropy: bytes) -> None:
    assert at - moment_of(uuid7(at, entropy)) < timedelta(milliseconds=1)


def test_the_first_id_of_a_moment_is_none_that_was_made_before_and_of_all_after_the_least() -> None:
    at = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
    before, after = new_id(at - timedelta(milliseconds=1)), new_id(at)
    assert before < first_id(at) <= after
