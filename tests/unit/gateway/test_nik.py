"""National identity numbers are found however they are written, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.nik import FAMILY_CARD_MASK, NIK_MASK, digits_of, hide_niks, is_nik, niks_in

NIK = "3174010101900001"
WOMAN = "3174014101900001"


@pytest.mark.parametrize(
    ("digits", "right"),
    [
        (NIK, True),
        (WOMAN, True),
        ("3174012902000001", True),  # 29 February
        ("9601013112990001", True),  # the youngest province
        ("2074010101900001", False),  # no such province
        ("3100010101900001", False),  # no such regency
        ("3174000101900001", False),  # no such district
        ("3174010001900001", False),  # day 0
        ("3174014001900001", False),  # a woman's day 0
        ("3174013201900001", False),  # day 32
        ("3174017201900001", False),  # a woman's day 32
        ("3174013002900001", False),  # 30 February
        ("3174010100900001", False),  # month 0
        ("3174010113900001", False),  # month 13
        ("3174010101900000", False),  # serial number 0
    ],
)
def test_a_nik_is_told_by_how_it_is_built(digits: str, right: bool) -> None:
    assert is_nik(digits) is right


@pytest.mark.parametrize(
    "written",
    [
        NIK,
        "3174 0101 0190 0001",
        "317401.010190.0001",
        "31-74-01-010190-0001",
        "3174 - 0101 - 0190 - 0001",
        "٣١٧٤٠١٠١٠١٩٠٠٠٠١",
    ],
)
def test_a_nik_is_found_however_it_is_written(written: str) -> None:
    text = f"Saya, {written}, warga RT 05."
    assert (niks_in(text), hide_niks(text)) == ((NIK,), f"Saya, {NIK_MASK}, warga RT 05.")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"umur 15 {NIK} 15 tahun", f"umur 15 {NIK_MASK} 15 tahun"),
        (f"RT 05 RW 02 {NIK}", f"RT 05 RW 02 {NIK_MASK}"),
        (f"{NIK}{NIK}", f"{NIK}{NIK}"),
        (f"{NIK} {WOMAN}", f"{NIK_MASK} {NIK_MASK}"),
        (f"KTP_{NIK}.jpg", f"KTP_{NIK_MASK}.jpg"),
        ("rekening 1234567890123456 a.n. toko", "rekening 1234567890123456 a.n. toko"),
        ("NIK 1234567890123456 salah", f"NIK {NIK_MASK} salah"),
        ("nik saya: 317401010190000", f"nik saya: {NIK_MASK}"),
        ("No. KTP ibu saya 31740101019000012", f"No. KTP ibu saya {NIK_MASK}"),
        ("NIK saya 3174010", "NIK saya 3174010"),
        ("teknik 12345678901234", "teknik 12345678901234"),
        (f"no KK: {NIK}", f"no KK: {FAMILY_CARD_MASK}"),
        ("Kartu Keluarga saya 1111222233334444", f"Kartu Keluarga saya {FAMILY_CARD_MASK}"),
        (f"KK hilang, NIK {NIK}", f"KK hilang, NIK {NIK_MASK}"),
    ],
)
def test_what_is_hidden(text: str, hidden: str) -> None:
    assert hide_niks(text) == hidden


def test_the_number_of_a_family_card_is_nobodys_nik() -> None:
    assert niks_in(f"no KK: {NIK}") == ()


def test_a_nik_that_stands_twice_is_one() -> None:
    assert niks_in(f"{NIK}, ya {NIK}, dan {WOMAN}") == (NIK, WOMAN)


def test_the_reporters_own_number_is_hidden_whatever_it_looks_like() -> None:
    assert hide_niks("nomor 1111 2222 3333 4444", "1111222233334444") == f"nomor {NIK_MASK}"


@given(
    st.lists(st.sampled_from([NIK, WOMAN, "1234567890", "12", "3", " ", ".", "-", "NIK ", "KK ", "ktp saya: "])).map(
        "".join
    )
)
def test_hiding_again_changes_nothing(text: str) -> None:
    assert hide_niks(hide_niks(text)) == hide_niks(text)


@given(st.text(st.characters(exclude_categories=["Nd"])))
def test_a_text_without_digits_stays_as_it_is(text: str) -> None:
    assert hide_niks(text) == text


def test_digits_of_any_script_are_read() -> None:
    assert digits_of("a1٢-३²") == "123"
