"""Texts of SMS take as few parts as they can, and never lose the code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.answering.wording import MOST_PARTS, for_sms, parts_of, worded
from tests.unit.adapters.answering.telling import a_notice

CODE = "K7RM-4XQ9-HT3C"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ŭ" * 70, 1),
        ("ŭ" * 71, 2),
        ("ŭ" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_the_network_counts_them(text: str, parts: int) -> None:
    assert parts_of(text) == parts


def test_typographic_marks_and_odd_accents_do_not_halve_a_text() -> None:
    told = for_sms("Kabar “jalan” – sudah… Désa Kěmbang", CODE)

    assert told == 'Kabar "jalan" - sudah... Désa Kembang'
    assert parts_of(told) == 1


def test_what_is_too_long_is_cut_before_the_code() -> None:
    told = for_sms("kata " * 200, CODE)

    assert told.endswith(f"...\n{CODE}")
    assert parts_of(told) == MOST_PARTS
    assert len(told) > 440


@given(st.text(min_size=1, max_size=800))
def test_no_text_takes_more_parts_than_allowed(text: str) -> None:
    assert parts_of(for_sms(text, CODE)) <= MOST_PARTS


def test_english_stands_below_where_it_is_wanted() -> None:
    notice = a_notice()

    assert worded(notice, "id") == notice.text_id
    assert worded(notice, "id_en") == f"{notice.text_id}\n\n{notice.text_en}"
