"""Tracking codes survive a phone call: whatever is misheard or mistyped is refused, never taken for another code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.tracking import (
    ALPHABET,
    LENGTH,
    InvalidTrackingCode,
    make_tracking_code,
    new_tracking_code,
    parse_tracking_code,
)

CODES = st.binary(min_size=16, max_size=16).map(make_tracking_code)
PLACES = st.integers(min_value=0, max_value=LENGTH - 1)


def replaced(text: str, place: int, character: str) -> str:
    return text[:place] + character + text[place + 1 :]


def test_a_code_has_three_groups_of_four_from_the_alphabet() -> None:
    groups = make_tracking_code(bytes(range(16))).split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)


def test_the_alphabet_has_no_two_characters_that_look_alike() -> None:
    assert len(set(ALPHABET)) == 23
    assert set(ALPHABET) & set("0O1IL2Z5S8BUV") == set()


def test_the_same_randomness_gives_the_same_code() -> None:
    assert make_tracking_code(bytes(16)) == "3333-3333-3333"


def test_only_the_first_16_bytes_count() -> None:
    assert make_tracking_code(bytes(range(20))) == make_tracking_code(bytes(range(16)))


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        make_tracking_code(bytes(15))


def test_fresh_codes_differ_and_are_valid() -> None:
    codes = {new_tracking_code() for _ in range(50)}
    assert len(codes) == 50
    assert {parse_tracking_code(code) for code in codes} == codes


@given(CODES)
def test_every_code_that_is_made_is_read_as_itself(code: str) -> None:
    assert parse_tracking_code(code) == code


@given(CODES, st.sampled_from(["", " ", "-", ".", "_", "/", "\t", "–", "—", "‑", "−", "\u00a0", "\u200b", "\n"]))
def test_case_and_grouping_do_not_matter(code: str, separator: str) -> None:
    typed = f" {separator.join(code.replace('-', '').lower())} "
    assert parse_tracking_code(typed) == code


@given(CODES, PLACES, st.sampled_from(ALPHABET))
def test_every_single_wrong_character_of_the_alphabet_is_refused(code: str, place: int, character: str) -> None:
    plain = code.replace("-", "")
    wrong = replaced(plain, place, character)
    if wrong == plain:
        assert parse_tracking_code(wrong) == code
    else:
        with pytest.raises(InvalidTrackingCode, match="check digit"):
            parse_tracking_code(wrong)


@given(CODES, PLACES, st.characters())
def test_every_single_wrong_character_whatsoever_is_refused(code: str, place: int, character: str) -> None:
    plain = code.replace("-", "")
    if character.upper() == plain[place]:
        return
    with pytest.raises(InvalidTrackingCode):
        parse_tracking_code(replaced(plain, place, character))


@given(CODES, PLACES, PLACES)
def test_every_swap_of_two_different_characters_is_refused(code: str, one: int, other: int) -> None:
    plain = code.replace("-", "")
    swapped = replaced(replaced(plain, one, plain[other]), other, plain[one])
    if swapped == plain:
        assert parse_tracking_code(swapped) == code
    else:
        with pytest.raises(InvalidTrackingCode, match="two are swapped"):
            parse_tracking_code(swapped)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("K7RM-4XQ9-HT3", 11), ("3333-3333-3333-3", 13)])
def test_a_wrong_length_is_named(text: str, length: int) -> None:
    with pytest.raises(InvalidTrackingCode, match=f"has 12 characters, this has {length}"):
        parse_tracking_code(text)


def test_a_character_outside_the_alphabet_is_named() -> None:
    with pytest.raises(InvalidTrackingCode, match="never has the character 'O'"):
        parse_tracking_code("333O-3333-3333")


@given(st.text())
def test_any_text_is_a_code_or_is_refused(text: str) -> None:
    try:
        code = parse_tracking_code(text)
    except InvalidTrackingCode:
        return
    assert parse_tracking_code(code) == code
