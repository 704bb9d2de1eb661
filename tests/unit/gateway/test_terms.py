"""Words as terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.terms import standard, stem_of, terms


@pytest.mark.parametrize("word", ["bakar", "dibakar", "membakar", "pembakaran"])
def test_inflections_of_a_word_share_a_stem(word: str) -> None:
    assert stem_of(word) == "bakar"


@pytest.mark.parametrize(
    ("word", "stem"), [("air", "air"), ("memukul", "pukul"), ("menyapu", "sapu"), ("sampahnya", "sampah")]
)
def test_stems_keep_short_words_and_give_back_the_letter_that_a_prefix_took(word: str, stem: str) -> None:
    assert stem_of(word) == stem


def test_slang_and_dialect_are_written_out() -> None:
    assert standard(["jln", "dalan", "ruksak", "blm", "Zaza"]) == ["jalan", "jalan", "rusak", "belum", "Zaza"]


def test_terms_are_distinct_and_hold_no_numbers() -> None:
    assert terms(["jalan", "jalan", "3", "x", "lubangnya"]) == {"jalan", "lubang"}


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=30))
def test_a_stem_is_never_empty_nor_longer_than_its_word_by_more_than_a_letter(word: str) -> None:
    assert 0 < len(stem_of(word)) <= len(word) + 1
