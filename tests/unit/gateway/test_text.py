"""A report's words, cut once."""

from __future__ import annotations

import pytest

from gateway.text import BREAK, READ_WORDS, text_from, text_of
from gateway.titles import UNTITLED
from schemas.report import Report


def test_title_and_content_are_cut_into_words_with_a_break_between() -> None:
    text = text_from("Lampu MATI", "Jln. Mawar gelap, sudah 3 hari.")
    assert text.title == ("lampu", "mati")
    assert text.content == ("jln", "mawar", "gelap", "sudah", "3", "hari")
    assert text.spelt == text.whole == ("lampu", "mati", BREAK, *text.content)
    assert text.usual == ("lampu", "mati", BREAK, "jalan", "mawar", "gelap", "sudah", "3", "hari")
    assert text.folded == "jln. mawar gelap, sudah 3 hari."


@pytest.mark.parametrize("title", [UNTITLED, "jalan rusak", "Jalan, rusak", "alan rus", ""])
def test_a_title_that_says_nothing_more_is_left_out(title: str) -> None:
    text = text_from(title, "jalan rusak parah")
    assert (text.title, text.spelt) == ((), ("jalan", "rusak", "parah"))


def test_what_ends_a_clause_stands_between_the_words() -> None:
    text = text_from("Lampu mati", "Jl. Mawar gelap; tolong.  Terima kasih!\nPak RT")
    expected = ["lampu", "mati", BREAK, "jalan", "mawar", "gelap", ";", "tolong", "."]
    assert text.parted() == [*expected, "terima", "kasih", "!", "\n", "pak", "rt"]


def test_only_the_beginning_of_a_long_text_is_read_closely_and_all_of_it_is_there() -> None:
    text = text_from(UNTITLED, "gelap " * (READ_WORDS + 7))
    assert (len(text.spelt), len(text.usual), len(text.parted())) == (READ_WORDS,) * 3
    assert len(text.whole) == READ_WORDS + 7


def test_the_matters_are_the_phrases_of_the_lexicon() -> None:
    text = text_of(Report(title=UNTITLED, content="bansos belum cair"))
    assert "bansos" in text.matters
