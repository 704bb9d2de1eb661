"""Vendors' JSON is read as far as it can be, and kept in one spelling."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.documents import canonical, digest_of, inner, iso_time, read_object, token, unix_time, word
from schemas.errors import Malformed

ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)


def test_half_an_emoji_costs_one_character_only() -> None:
    assert read_object(b'{"a": "jalan \\ud83d rusak", "b": "\xff"}') == {"a": "jalan \ufffd rusak", "b": "\ufffd"}


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"[" * 100_000])
def test_anything_but_an_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_object(body)


def test_one_spelling_whatever_the_order() -> None:
    assert canonical({"b": 1, "a": [2]}) == canonical({"a": [2], "b": 1}) == b'{"a":[2],"b":1}'


def test_an_id_of_parts_knows_where_one_ends() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc")


@pytest.mark.parametrize(
    ("value", "expected"), [("status_ok2", "status_ok2"), ("Nama Warga", "unknown"), ("", "unknown"), (3, "unknown")]
)
def test_only_a_plain_word_is_shown_as_a_reason(value: Any, expected: str) -> None:
    assert token(value) == expected


@given(ANYTHING)
def test_any_value_has_a_word_a_time_and_an_inside(value: Any) -> None:
    assert isinstance(word(value), str)
    assert isinstance(inner({"a": value}, "a"), dict)
    for time in (unix_time(value), iso_time(value), iso_time(value, naive_is_utc=True)):
        assert time is None or time.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "naive_is_utc", "expected"),
    [
        ("2026-03-02T08:15:30.000+0000", False, datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)),
        ("2026-03-02 08:15:30", True, datetime(2026, 3, 2, 8, 15, 30, tzinfo=UTC)),
        ("2026-03-02 08:15:30", False, None),
        ("kemarin", True, None),
    ],
)
def test_a_time_without_a_zone_is_utc_only_by_the_vendors_word(
    text: str, naive_is_utc: bool, expected: datetime | None
) -> None:
    assert iso_time(text, naive_is_utc=naive_is_utc) == expected
