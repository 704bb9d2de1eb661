"""Telling words from keys hit at random."""

from __future__ import annotations

import pytest

from gateway.screen.mashing import is_mashed, is_unpronounceable


@pytest.mark.parametrize(
    "word", ["asdf", "lkjhg", "qwerty", "sdfsdf", "dfg", "abcabcabc", "zzzzz", "bcdfghj", "a" * 41, "jkl"]
)
def test_keys_hit_at_random_are_seen(word: str) -> None:
    assert is_mashed(word)


@pytest.mark.parametrize(
    "word",
    [
        "jalan",
        "jmbtn",
        "krmpng",
        "wkwkwk",
        "hahaha",
        "property",
        "koperasi",
        "bgt",
        "ok",
        "pungli",
        "jalanjalan",
        "ооооо",
    ],
)
def test_words_and_laughter_and_dropped_vowels_are_not(word: str) -> None:
    assert not is_mashed(word)


def test_five_letters_without_a_vowel_cannot_be_read() -> None:
    assert [word for word in ("jmbtn", "jln", "jalan", "ббббб") if is_unpronounceable(word)] == ["jmbtn"]
