"""The tracking code: what a citizen holds and can read out over the phone.

Twelve characters in three groups, `K7RM-4XQ9-HT3D`. The alphabet has 23 characters and leaves out every one that looks
like another (0 O, 1 I L, 2 Z, 5 S, 8 B, U V). The last character is a check digit: the weighted sum of all twelve is 0
modulo 23. 23 is prime and the weights differ, so every single wrong character and every swap of two is caught (the
construction of ISBN-10, ISO 2108).
"""

from __future__ import annotations

import os

ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 12
_BASE = len(ALPHABET)
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_SEPARATORS = str.maketrans("", "", " -_./\t\r\n\u00a0\u2010\u2011\u2012\u2013\u2014\u2212\u200b\ufeff")


class InvalidTrackingCode(ValueError):
    """The text is no tracking code; the message says what is wrong with it."""


def make_tracking_code(entropy: bytes) -> str:
    """The code of 16 random bytes. Raises ValueError for fewer."""
    if len(entropy) < 16:
        raise ValueError("a tracking code needs 16 random bytes")
    number = int.from_bytes(entropy[:16], "big")
    values = []
    for _ in range(LENGTH - 1):
        number, value = divmod(number, _BASE)
        values.append(value)
    values.append(_check_value(values))
    return _grouped("".join(ALPHABET[value] for value in values))


def new_tracking_code() -> str:
    """A fresh code from the operating system's randomness."""
    return make_tracking_code(os.urandom(16))


def parse_tracking_code(text: str) -> str:
    """The canonical spelling of a code as people type it: any case, any grouping, any kind of dash.

    Raises InvalidTrackingCode for a wrong length, a character outside the alphabet or a wrong check digit.
    """
    plain = text.translate(_SEPARATORS).upper()
    if len(plain) != LENGTH:
        raise InvalidTrackingCode(f"a tracking code has {LENGTH} characters, this has {len(plain)}")
    unknown = [character for character in plain if character not in _VALUE]
    if unknown:
        raise InvalidTrackingCode(f"a tracking code never has the character {unknown[0]!r}")
    values = [_VALUE[character] for character in plain]
    if _check_value(values[:-1]) != values[-1]:
        raise InvalidTrackingCode("the check digit does not fit: one character is wrong or two are swapped")
    return _grouped(plain)


def _check_value(values: list[int]) -> int:
    """The value that makes the weighted sum 0; the check digit itself has the weight 1."""
    weighted = sum(weight * value for weight, value in enumerate(values, start=2))
    return -weighted % _BASE


def _grouped(plain: str) -> str:
    return "-".join(plain[start : start + 4] for start in range(0, LENGTH, 4))
