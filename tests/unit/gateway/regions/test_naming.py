"""Regions that a text names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.regions import region_in, region_name
from gateway.wording import words

SAID = st.sampled_from(
    ["kecamatan", "kec", "desa", "kab", "kota", "jalan", "raya", "bandung", "depok", "cilodong", "sukamaju", "beji"]
)


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
        ("jl kaliurang km 5 jogja", "34"),
        ("kecamatan Gubeng Surabaya Jawa Timur", "35.78.08"),
        ("Kelurahan Sukamaju, Kecamatan Cilodong, Kota Depok", "32.76.08.1001"),
        ("Sukamaju, Cilodong, Depok banjir", "32.76.08.1001"),
        ("kelurahan sukabumi selatan jakarta barat", "31.73.05.1003"),
        ("Kec. Kota Kudus, desa Demaan", "33.19.02.2013"),
        ("desa yang di Kecamatan Kerek Kabupaten Tuban", "35.23.08"),
    ],
)
def test_the_narrowest_region_that_is_surely_meant_is_found(text: str, code: str) -> None:
    assert region_in(words(text)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kel. Suka Maju kec. cilodog depok", "32.76.08.1001"),
        ("kabupaten purbalinga", "33.03"),
        ("banjir di kota makasar", "73.71"),
        ("kecamatan bojong gede bogor", "32.01.13"),
    ],
)
def test_a_name_may_be_misspelt_behind_the_word_that_says_what_it_is(text: str, code: str) -> None:
    assert region_in(words(text)) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kec. Sukasari, kelurahan Gegerkalong", "32.73.01.1002"),
        ("coblong bandung", "32.73.02"),
        ("Kec. Sukasari", None),
        ("Desa Sukamaju", None),
        ("desa sukamaju kec cilodong", "32.76.08.1001"),
    ],
)
def test_a_name_that_several_regions_have_counts_only_where_the_rest_leaves_one(text: str, code: str | None) -> None:
    assert region_in(words(text)) == code


@pytest.mark.parametrize(
    "text",
    [
        "saya jual batu akik",
        "puncak gunung",
        "jalan rusak",
        "pindah dari makassar ke medan",
        "jalan Bandung rusak",
        "jalan raya Bogor macet",
        "jaringan internet kecamatan saya lambat",
        "kec Cilodong Surabaya",
        "kecamatan",
    ],
)
def test_ordinary_words_roads_and_contradictions_name_no_region(text: str) -> None:
    assert region_in(words(text)) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kec. Medan Satria Bekasi lampu mati", "32.75.06"),
        ("Jl. Surabaya no 5 Malang", "35"),
        ("lampu di kecamatan Cilodong dan kecamatan Beji, Depok", "32.76"),
        ("kecamatan Cilodong dan kecamatan Coblong", "32"),
        ("kecamatan Cilodong dan kecamatan Gubeng", None),
        ("desa Sukamaju dan desa Jatimulya kecamatan Cilodong", "32.76.08"),
        ("jalan Cilodong Depok", "32.76"),
        ("jalan", None),
    ],
)
def test_what_is_named_only_in_passing_does_not_mislead(text: str, code: str | None) -> None:
    assert region_in(words(text)) == code


@given(st.lists(SAID, max_size=8))
def test_what_is_found_is_a_region(text: list[str]) -> None:
    found = region_in(text)
    assert found is None or region_name(found)


def test_a_word_that_dialect_shares_with_a_region_names_none() -> None:
    assert region_in(words("jalan rusak dengan lubang besar")) is None
    assert region_in(words("jalan rusak di kabupaten karo")) == "12.06"


def test_a_village_with_a_slip_in_it_is_known_in_the_district_that_is_named() -> None:
    assert region_in(words("jalan rusak di kelurahan sukamajuu kecamatan cilodong kota depok")) == "32.76.08.1001"
