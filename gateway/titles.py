"""A title for a report that came without one: what its first sentence says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gateway.cleaning import cut
from gateway.wording import words
from schemas.report import TITLE_LIMIT

UNTITLED = "Laporan tanpa judul"

_ENOUGH_WORDS = 3
_END = re.compile(r"[.!?…]+(?=\s)|\n")
_LAST_WORD = re.compile(r"\w+\Z")
_ABBREVIATIONS = """
jl jln gg no nmr rt rw dk ds dsn kel kec kab prov km blok bpk bp sdr sdri dr drs dra ir hj pt cv ud tgl tlp telp yth
wr wb alm ttd hlm dll dsb dst dkk
"""
_ABBREVIATION = frozenset(_ABBREVIATIONS.split())
_GREETINGS = """
assalamualaikum assalamu assalamualaikumwrwb alaikum waalaikumsalam salam shalom om swastiastu namo buddhaya rahayu wr
wb warahmatullahi warahmatullah wabarakatuh wabarokatuh selamat met pagi siang sore malam halo hallo haloo helo hai hi
hello punten permisi maaf mohon izin ijin sebelumnya dengan hormat kepada yth yang terhormat bapak ibu pak bu bpk min
admin mimin kak kakak bang mas mbak sdr saudara lapor sp4n dan di tempat semua
"""
_GREETING = frozenset(_GREETINGS.split())


def title_of(content: str) -> str:
    """A title of 1 to 255 characters, made from cleaned content; greetings are passed over.

    A very short sentence takes the next one with it. Without any word: `Laporan tanpa judul`.
    """
    title = ""
    for sentence in _sentences(content):
        spoken = words(sentence)
        if not spoken or (not title and _GREETING.issuperset(spoken)):
            continue
        title = f"{title} {sentence}" if title else sentence
        if len(words(title)) >= _ENOUGH_WORDS or len(title) >= TITLE_LIMIT:
            break
    title = title or " ".join(content.split())
    return cut(title.rstrip(" .,;:…"), TITLE_LIMIT) or UNTITLED


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        if end.group() == "." and _is_short_form(text[start : end.start()]):
            continue
        yield text[start : end.end()].strip()
        start = end.end()
    yield text[start:].strip()


def _is_short_form(before: str) -> bool:
    """Whether a full stop after this ends an abbreviation, an initial or the number of a list, not a sentence."""
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word = last.group().lower()
    return len(word) == 1 or word in _ABBREVIATION or (word.isdigit() and not before[: last.start()].strip())
