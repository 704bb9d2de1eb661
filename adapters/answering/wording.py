"""A notice's text as a channel can carry it: one language or two, and for SMS in as few parts as it takes.

The alphabet and the sizes of parts: 3GPP TS 23.038, 6.2.1 (GSM 7 bit default alphabet) and TS 23.040, 9.2.3.24.1.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

from schemas.notice import Notice

_GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_TWICE = frozenset("\f^{}\\[~]|€")
_ONE, _MANY = 160, 153
_ONE_WIDE, _MANY_WIDE = 70, 67
MOST_PARTS = 3
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " "})


def worded(notice: Notice, languages: Literal["id", "id_en"]) -> str:
    """The text of a message: Indonesian, and English below it."""
    return notice.text_id if languages == "id" else f"{notice.text_id}\n\n{notice.text_en}"


def parts_of(text: str) -> int:
    """How many parts of an SMS the text takes."""
    if is_gsm_7(text):
        size = len(text) + sum(character in _GSM_7_TWICE for character in text)
        return 1 if size <= _ONE else -(-size // _MANY)
    size = len(text.encode("utf-16-be")) // 2
    return 1 if size <= _ONE_WIDE else -(-size // _MANY_WIDE)


def is_gsm_7(text: str) -> bool:
    """Whether the text needs no other alphabet."""
    return all(character in _GSM_7 or character in _GSM_7_TWICE for character in text)


def for_sms(text: str, keep: str, most: int = MOST_PARTS) -> str:
    """The text in at most `most` parts, spelled so that it fits the alphabet that packs it tightest.

    What is too long is cut before `keep` (the tracking code), which always stands at the end.
    """
    plain = _spelled(text)
    if parts_of(plain) <= most:
        return plain
    end = f"...\n{_spelled(keep)}"
    low, high = 0, len(plain)
    while low < high:
        middle = (low + high + 1) // 2
        fits = parts_of(plain[:middle].rstrip() + end) <= most
        low, high = (middle, high) if fits else (low, middle - 1)
    return plain[:low].rstrip() + end


def _spelled(text: str) -> str:
    """Typographic quotes and dashes plain, accents that the alphabet lacks dropped: one of them halves every part."""
    plain = text.translate(_PLAIN)
    return "".join(character if character in _GSM_7 else _without_accent(character) for character in plain)


def _without_accent(character: str) -> str:
    bare = unicodedata.normalize("NFKD", character)[:1]
    return bare if bare in _GSM_7 else character
