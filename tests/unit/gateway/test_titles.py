"""A title is made of what the report says, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cleaning import clean, clean_line
from gateway.titles import UNTITLED, title_of


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("Jalan di depan pasar rusak. Mohon diperbaiki.", "Jalan di depan pasar rusak"),
        ("Kapan jembatan diperbaiki? Sudah setahun.", "Kapan jembatan diperbaiki?"),
        ("Lampu jalan padam\nSudah dua minggu", "Lampu jalan padam"),
        ("Jalan di Jl. Merdeka No. 5 rusak parah. Tolong.", "Jalan di Jl. Merdeka No. 5 rusak parah"),
        ("Pak H. Contoh menutup jalan. Kami memutar.", "Pak H. Contoh menutup jalan"),
        ("1. Air mati tiga hari\n2. Air keruh", "1. Air mati tiga hari"),
        ("Assalamualaikum wr. wb.\nSelamat pagi admin. Air PDAM mati.", "Air PDAM mati"),
        ("Banjir. Jalan Melati tergenang sejak pagi.", "Banjir. Jalan Melati tergenang sejak pagi"),
        ("Selamat pagi", "Selamat pagi"),
        ("Tolong", "Tolong"),
        ("Harga naik 2.500 rupiah per liter. Berat.", "Harga naik 2.500 rupiah per liter"),
        ("", UNTITLED),
        ("...", UNTITLED),
        ("…", UNTITLED),
        ("👍", "👍"),
        ("x" * 300, "x" * 254 + "…"),
        ("kata " * 100, ("kata " * 51).rstrip() + "…"),
    ],
)
def test_a_title_is_made_of(content: str, title: str) -> None:
    assert title_of(content.strip()) == title


@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" .!?\n1aH"))))
def test_every_title_fits_and_is_one_clean_line(content: str) -> None:
    title = title_of(clean(content))
    assert 1 <= len(title) <= 255
    assert clean_line(title) == title


def test_a_full_stop_behind_no_word_ends_what_stands_before_it() -> None:
    assert title_of("… . Jalan di depan pasar berlubang. Mohon diperbaiki.") == "Jalan di depan pasar berlubang"
