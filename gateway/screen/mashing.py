"""Whether a word was typed or hit at random. Messages drop vowels (*jln rsk bgt*), so that alone proves nothing."""

from __future__ import annotations

import re
from functools import lru_cache

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORT_RUN, _LONG_RUN = 3, 4


def _runs(length: int) -> frozenset[str]:
    both_ways = (row[::way] for row in _ROWS for way in (1, -1))
    return frozenset(row[at : at + length] for row in both_ways for at in range(len(row) - length + 1))


_SHORT_RUNS = _runs(_SHORT_RUN)
_LONG_RUNS = _runs(_LONG_RUN) - {"erty"}  # property, liberty
_REPEATED = re.compile(r"(.{2,4}?)\1{2,}.{0,3}")
_ONE_LETTER = re.compile(r"(.)\1{4,}")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxyz]{7,}")
_VOWEL = re.compile(r"[aeiou]")
_LAUGHTER = re.compile(r"[hw]?(?:[aeiou][hk]|[hwk][aeiou]|wk|kw|aw|ok)+[a-z]{0,2}")
_LONGEST_WORD = 40


@lru_cache(maxsize=8192)
def is_mashed(word: str) -> bool:
    """Whether a folded word looks like keys hit at random: a row of the keyboard, a loop, a heap of consonants."""
    if len(word) > _LONGEST_WORD:
        return True
    if len(word) < 3 or not word.isascii() or _LAUGHTER.fullmatch(word):
        return False
    if _ONE_LETTER.fullmatch(word) or (len(word) >= 6 and _REPEATED.fullmatch(word)):
        return True
    if _CONSONANTS.search(word) or _has_run(word, _LONG_RUN, _LONG_RUNS):
        return True
    return not _VOWEL.search(word) and _has_run(word, _SHORT_RUN, _SHORT_RUNS)


@lru_cache(maxsize=8192)
def is_unpronounceable(word: str) -> bool:
    """Whether a folded word has five letters or more, and no vowel."""
    return len(word) >= 5 and word.isascii() and not _VOWEL.search(word)


def _has_run(word: str, length: int, runs: frozenset[str]) -> bool:
    return any(word[at : at + length] in runs for at in range(len(word) - length + 1))
