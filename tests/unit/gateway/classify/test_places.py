"""Regions that a text names."""

from __future__ import annotations

import re

import pytest

from gateway.classify.places import load_places, place_in
from gateway.terms import standard
from gateway.wording import words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("jalan rusak di kab. Bandung", "32.04"),
        ("jalan rusak di Kota Bandung", "32.73"),
        ("jalan rusak di bandung", "32"),
        ("Bandungkab, saya mau lapor", "32.04"),
        ("LAPOR dari jatim", "35"),
        ("lampu mati di Sleman", "34.04"),
        ("saya di solo jateng", "33.72"),
        ("kecamatan Gubeng Surabaya Jawa Timur", "35.78"),
    ],
)
def test_the_narrowest_region_that_is_surely_meant_is_found(text: str, code: str) -> None:
    found = place_in(standard(words(text)))
    assert (found.region_code if found else None) == code


@pytest.mark.parametrize(
    "text", ["saya jual batu akik", "puncak gunung", "jalan rusak", "pindah dari makassar ke medan"]
)
def test_ordinary_words_and_several_provinces_name_no_place(text: str) -> None:
    assert place_in(standard(words(text))) is None


def test_every_region_has_a_code_of_kemendagri() -> None:
    names = load_places().names
    assert (sum(len(code) == 2 for code in names), len(names)) == (38, 552)
    assert [code for code in names if not re.fullmatch(r"\d{2}(\.\d{2})?", code)] == []
    assert {code[:2] for code in names} <= set(names)
