"""Folding, words and phrases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.wording import fold, index_phrases, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("JALAN Rusak", "jalan rusak"),
        ("Éstafet kémah", "estafet kemah"),
        ("𝗦𝗟𝗢𝗧 gacor", "slot gacor"),
        ("ru\u200bsak", "rusak"),
        ("STRASSE Straße", "strasse strasse"),
    ],
)
def test_folding_takes_off_case_accents_and_disguise(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more_for_words(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


def test_words_are_cut_at_everything_but_letters_and_digits() -> None:
    assert words("Jl.Mawar no_5, RT03/RW04 - gelap!!") == ["jl", "mawar", "no", "5", "rt03", "rw04", "gelap"]


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("rusak", "jalan RUSAK parah", True),
        ("rusak", "kerusakan jalan", False),
        ("jalan rusak", "jalan, rusak", True),
        ("jalan rusak", "jalan yang rusak", False),
        ("jalan rusak", "ini jalan", False),
        ("lubang*", "lubangnya dalam", True),
        ("lubang*", "berlubang", False),
        ("dana desa*", "dana desanya habis", True),
        ("dana desa*", "dana kota", False),
        ("Jalan Rusák", "jalan rusak", True),
    ],
)
def test_a_phrase_stands_where_its_words_stand(phrase: str, text: str, stands: bool) -> None:
    assert index_phrases([phrase]).find(words(text)) == (frozenset({phrase}) if stands else frozenset())


def test_phrases_that_share_a_word_are_all_found() -> None:
    index = index_phrases(["bansos", "bansos*", "bansos daerah", "BANSOS"])
    assert index.find(words("bansos daerah")) == {"bansos", "bansos*", "bansos daerah", "BANSOS"}


@pytest.mark.parametrize("phrase", ["", "  ", "…", "*", "ja*lan", "*jalan"])
def test_a_phrase_without_a_word_or_with_a_star_inside_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="is no phrase"):
        index_phrases([phrase])


@given(st.lists(st.sampled_from(["jalan", "rusak", "parah", "lampu", "mati"]), max_size=12))
def test_the_index_finds_exactly_what_a_plain_search_finds(text: list[str]) -> None:
    phrases = ["jalan rusak", "lampu mati", "rusak", "parah lampu mati", "ma*"]
    plain = {phrase for phrase in phrases if f" {phrase} " in f" {' '.join(text)} "}
    plain |= {"ma*"} if "mati" in text else set()
    assert index_phrases(phrases).find(text) == plain


def test_words_that_nobody_else_writes_are_not_remembered_for_ever() -> None:
    index = index_phrases(["lubang*"])
    for number in range(40_000):
        index.find([f"lubang{number}"])
    assert index.find(["lubangnya"]) == {"lubang*"}
    assert len(index._met) < 40_000
