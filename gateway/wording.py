"""How texts are compared: folded to plain lower case, cut into words, searched for phrases in one pass."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Kept = TypeVar("_Kept")

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"[\u0300-\u036f\u200b-\u200f\ufe00-\ufe0f]")


def fold(text: str) -> str:
    """The text in lower case, without accents, invisible characters or fancy letters (𝗦𝗟𝗢𝗧 becomes slot)."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def words(text: str) -> list[str]:
    """The words of a text, folded; everything but letters and digits separates."""
    return _WORD.findall(fold(text))


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    rest: tuple[str, ...]  # the words after the first
    stem: bool  # the last word is only the beginning of one

    @property
    def ends_next(self) -> bool:
        """Whether the second word is the last, and only the beginning of one."""
        return self.stem and len(self.rest) == 1

    def stands(self, text: Sequence[str], after: int) -> bool:
        """Whether the rest of the phrase stands in the text from the word number `after` on."""
        end = after + len(self.rest)
        if end > len(text):
            return False
        if not self.stem:
            return tuple(text[after:end]) == self.rest
        return tuple(text[after : end - 1]) == self.rest[:-1] and text[end - 1].startswith(self.rest[-1])


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Many phrases, found together in one pass over a text's words. Made by `index_phrases`."""

    single: Mapping[str, tuple[str, ...]]  # a word -> the phrases that are this word
    stems: Mapping[str, tuple[str, ...]]  # the beginning of a word -> the phrases that are it with a *
    longer: Mapping[str, tuple[_Phrase, ...]]  # a first word -> the phrases of several words
    stem_lengths: tuple[int, ...]

    def find(self, text: Sequence[str]) -> frozenset[str]:
        """Those phrases, as they were given, that stand in the words of a text (see `words`)."""
        found: list[str] = []
        distinct = set(text)
        for word in self.single.keys() & distinct:
            found += self.single[word]
        for length in self.stem_lengths:
            for stem in self.stems.keys() & {word[:length] for word in distinct}:
                found += self.stems[stem]
        hopeful = self._hopeful(distinct)
        if hopeful:
            for at, word in enumerate(text, start=1):
                if word in hopeful:
                    found += [phrase.text for phrase in hopeful[word] if phrase.stands(text, at)]
        return frozenset(found)

    def _hopeful(self, distinct: set[str]) -> dict[str, list[_Phrase]]:
        """By first word, the phrases of several words whose second word stands somewhere too: few of very many."""
        hopeful = {}
        for first in self.longer.keys() & distinct:
            kept = [phrase for phrase in self.longer[first] if phrase.ends_next or phrase.rest[0] in distinct]
            if kept:
                hopeful[first] = kept
        return hopeful


def index_phrases(phrases: Iterable[str]) -> PhraseIndex:
    """The index of phrases. One that ends in `*` also stands where its last word only begins so (`lubang*`: lubangnya).

    Raises ValueError for a phrase without a word, or with a `*` anywhere else.
    """
    single: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    longer: dict[str, list[_Phrase]] = {}
    for text in dict.fromkeys(phrases):
        parts = words(text)
        if not parts or "*" in text.rstrip()[:-1]:
            raise ValueError(f"{text!r} is no phrase: it needs a word, and a * may only be its end")
        is_stem = text.rstrip().endswith("*")
        if len(parts) > 1:
            longer.setdefault(parts[0], []).append(_Phrase(text, tuple(parts[1:]), is_stem))
        else:
            (stems if is_stem else single).setdefault(parts[0], []).append(text)
    return PhraseIndex(_frozen(single), _frozen(stems), _frozen(longer), tuple(sorted({len(stem) for stem in stems})))


def _frozen(lists: Mapping[str, list[_Kept]]) -> Mapping[str, tuple[_Kept, ...]]:
    return {key: tuple(kept) for key, kept in lists.items()}
