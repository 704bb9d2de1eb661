"""Cleaning text loses nothing that can be read, and is done after once."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cleaning import clean, clean_line, cut

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\u200b\u200c\u200d\u00ad\u202e\u2066\ufeff\u2028\x00\x1b\r\n\t\u00a0\ud83d\ude22\u0301e\U000e0041\ufffe"
        ),
    )
)
SEPARATORS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("jalan  rusak \t parah", "jalan rusak parah"),
        ("  baris satu \r\n baris dua\rbaris tiga\u2028baris empat ", "baris satu\nbaris dua\nbaris tiga\nbaris empat"),
        ("satu\n\n\n\n\ndua", "satu\n\ndua"),
        ("jalan\x00rusak\x1bparah", "jalan rusak parah"),
        ("jalan\u00a0rusak\u3000parah", "jalan rusak parah"),
        ("ko\u00adrup\u200dsi", "korupsi"),
        ("\u202ekorupsi\u202c \u2067dana\u2069", "korupsi dana"),
        ("\ufeffbanjir", "banjir"),
        ("banjir\u200bparah", "banjir parah"),
        ("https://contoh.example/\u200bberita", "https://contoh.example/berita"),
        ("cafe\u0301", "café"),
        ("cafe\u200b\u0301", "café"),
        ("banjir \ud83d\ude22", "banjir 😢"),
        ("banjir \ud83d", "banjir \ufffd"),
        ("lapor\U000e0041\U000e0042", "lapor"),
        ("a\ufffeb\ufdd0c", "abc"),
        ("\u200b \x00", ""),
        ("", ""),
    ],
)
def test_a_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_one_line_has_no_line_ends() -> None:
    assert clean_line(" Lampu\npadam\r\n\tdi gang ") == "Lampu padam di gang"


@given(HOSTILE)
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(HOSTILE)
def test_a_cleaned_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert [
        character for character in cleaned if unicodedata.category(character) in ("Cc", "Cs") and character != "\n"
    ] == []


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1)), st.data())
def test_no_word_is_lost_and_none_are_joined(parts: list[str], data: st.DataObject) -> None:
    gap = st.sampled_from([" ", "\n", "\r\n", "\t", "\x00", "\u00a0", "\u2029", " \u200b ", "\x0b\x1f"])
    text = "".join(part + data.draw(gap) for part in parts)
    assert clean(text).split() == [unicodedata.normalize("NFC", part) for part in parts]


@given(HOSTILE)
def test_every_letter_and_digit_stays_in_its_place(text: str) -> None:
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    before = [character for character in unicodedata.normalize("NFD", paired) if character.isalnum()]
    after = [character for character in unicodedata.normalize("NFD", clean(text)) if character.isalnum()]
    assert after == before


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("jalan rusak", 11, "jalan rusak"),
        ("jalan rusak parah", 12, "jalan rusak…"),
        ("jalan rusak parah", 14, "jalan rusak…"),
        ("jalan\nrusak parah", 8, "jalan…"),
        ("tidakadaspasi", 5, "tida…"),
        ("a panjangsekalitanpaspasi", 10, "a panjang…"),
    ],
)
def test_a_text_is_cut_between_words_where_it_can_be(text: str, limit: int, short: str) -> None:
    assert cut(text, limit) == short


@given(HOSTILE, st.integers(min_value=1, max_value=40))
def test_a_cut_text_fits_and_is_cut_once(text: str, limit: int) -> None:
    short = cut(clean(text), limit)
    assert len(short) <= limit
    assert cut(short, limit) == short
    assert clean(short) == short
