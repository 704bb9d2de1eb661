"""How words of a message become terms that can be counted: slang and dialect written out, affixes taken off."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import StringIO

from gateway.wording import Met

_SUFFIXES = ("kannya", "annya", "nya", "kan", "lah", "kah", "an", "i")
_PREFIXES: tuple[str, ...] = (
    "memper",
    "diper",
    "meng",
    "meny",
    "mem",
    "men",
    "me",
    "peng",
    "peny",
    "pem",
    "pen",
    "ber",
    "ter",
    "per",
)
_PREFIXES += ("di", "ke", "se", "pe", "ng")
_SWALLOWED = {"mem": "p", "pem": "p", "men": "t", "pen": "t", "meny": "s", "peny": "s"}
_VOWELS = "aeiou"
_STEM = 4
"""Letters that must be left: shorter ones stand for too many words."""


def standard(words: Sequence[str]) -> list[str]:
    """The words with those that have a usual spelling in written Indonesian put into it (`jln`, `dalan`: jalan)."""
    return list(map(_synonyms().get, words, words))


def terms(words: Iterable[str]) -> set[str]:
    """The distinct stems of words that `standard` returned; numbers and single letters are left out."""
    return set(map(_terms.__getitem__, words)) - {""}


def stem_of(word: str) -> str:
    """The word without its inflection, roughly: the same for `diperbaiki` and `perbaikan`, though not always a word."""
    return _stems[word]


def _stem(word: str) -> str:
    return word if len(word) <= _STEM else _without_prefix(_without_suffix(word))


def _term(word: str) -> str:
    """The stem of a word that counts; empty for one that does not."""
    stem = _stems[word]
    return stem if len(stem) > 1 and not stem[0].isdigit() else ""


_stems, _terms = Met(_stem), Met(_term)


def _without_suffix(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM:
            return word[: -len(suffix)]
    return word


def _without_prefix(word: str) -> str:
    for prefix in _PREFIXES:
        rest = word[len(prefix) :]
        if word.startswith(prefix) and len(rest) >= _STEM - 1:
            swallowed = _SWALLOWED.get(prefix, "") if rest[0] in _VOWELS else ""
            if len(swallowed) + len(rest) >= _STEM:
                return swallowed + rest
    return word


@cache
def _synonyms() -> Mapping[str, str]:
    text = (files("gateway") / "data" / "synonyms.tsv").read_text(encoding="utf-8")
    return {row["variant"]: row["word"] for row in csv.DictReader(StringIO(text), delimiter="\t")}
