"""National identity numbers in free text.

A NIK has 16 digits: 6 of the region, 6 of the birth date with 40 added to the day for women, 4 of a serial number. The
number of a family card is built alike and is told apart only by what the text calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

NIK_MASK = "[NIK dirahasiakan]"
FAMILY_CARD_MASK = "[nomor KK dirahasiakan]"

_PROVINCES = """
11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96
"""
_PROVINCE = frozenset(_PROVINCES.split())  # Kemendagri's codes
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # the century is unknown: 29 February may be
_WOMAN = 40

_GAP = r"[ .\-\u2010-\u2013]{0,3}"
_NO_DIGIT = re.compile(r"\D+")
_MANY_DIGITS = re.compile(rf"\d(?:{_GAP}\d){{13}}")  # fewer are neither; the patterns below are slow
_SIXTEEN = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15}}(?!\d)")
_APART = r"(?<![\w\]])"  # not inside a word, nor right behind a mask: so that hiding again changes nothing
_WHOSE = r"(?:\W{0,3}\b(?:saya|kami|aku|pelapor|no|nomor|nya|ibu|bapak|anak|suami|istri|beliau|korban)\b){0,2}\W{0,3}"
_FAMILY_CARD = re.compile(rf"(?i){_APART}(?:kk|kartu keluarga)\b{_WHOSE}\Z")
_CALLED_NIK = re.compile(rf"(?i){_APART}((?:nik|ktp)\b{_WHOSE})\d{{14,18}}(?!\d)")
_LOOK_BACK = 60  # characters before a number in which a word may say what it is


def is_nik(digits: str) -> bool:
    """Whether 16 digits are built as a NIK."""
    day, month = int(digits[6:8]), int(digits[8:10])
    day = day - _WOMAN if day > _WOMAN else day
    return (
        digits[:2] in _PROVINCE
        and "00" not in (digits[2:4], digits[4:6])
        and 1 <= month <= len(_LONGEST_MONTH)
        and 1 <= day <= _LONGEST_MONTH[month - 1]
        and digits[12:] != "0000"
    )


def niks_in(text: str) -> tuple[str, ...]:
    """Each different NIK in the text as 16 digits, in order."""
    if not _MANY_DIGITS.search(text):
        return ()
    found = (digits_of(match.group()) for match, mask in _numbers(text) if mask is NIK_MASK)
    return tuple(dict.fromkeys(found))


def hide_niks(text: str, known: str | None = None) -> str:
    """The text with a mask for every NIK, for a mistyped one that is called a NIK, and for numbers of family cards.

    `known` is the reporter's, hidden even if it is not built as a NIK.
    """
    if not _MANY_DIGITS.search(text):
        return text
    parts: list[str] = []
    kept = 0
    for match, mask in _numbers(text, known):
        parts += (text[kept : match.start()], mask)
        kept = match.end()
    hidden = "".join((*parts, text[kept:])) if parts else text
    named = hidden.casefold()
    return _CALLED_NIK.sub(rf"\1{NIK_MASK}", hidden) if "nik" in named or "ktp" in named else hidden


def _numbers(text: str, known: str | None = None) -> Iterator[tuple[re.Match[str], str]]:
    """Every number to hide with its mask. Where 16 digits in a row are none, the search goes on with the next digit, so
    that a NIK behind an age or a house number is found."""
    at = 0
    while match := _SIXTEEN.search(text, at):
        if _FAMILY_CARD.search(text, max(match.start() - _LOOK_BACK, 0), match.start()):
            yield match, FAMILY_CARD_MASK
        elif (digits := digits_of(match.group())) == known or is_nik(digits):
            yield match, NIK_MASK
        else:
            at = match.start() + 1
            continue
        at = match.end()


def digits_of(text: str) -> str:
    """The digits of a text, of whatever script, as 0 to 9; anything else is left out."""
    decimals = _NO_DIGIT.sub("", text)
    return decimals if decimals.isascii() else "".join(str(int(decimal)) for decimal in decimals)
