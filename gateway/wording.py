"""How texts are compared: folded to plain lower case, cut into words, searched for phrases in one pass."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeVar

_Kept = TypeVar("_Kept")

_WORD = re.compile(r"[^\W_]+")
_PLAIN_WORD = re.compile("[a-z0-9]+")  # the same in folded ASCII, at two thirds of the time
_MOST_MET = 32_768
_MARKS = re.compile(r"[\u0300-\u036f\u200b-\u200f\ufe00-\ufe0f]")


def fold(text: str) -> str:
    """The text in lower case, without accents, invisible characters or fancy letters (𝗦𝗟𝗢𝗧 becomes slot)."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()


def words(text: str) -> list[str]:
    """The words of a text, folded; everything but letters and digits separates."""
    folded = fold(text)
    return (_PLAIN_WORD if folded.isascii() else _WORD).findall(folded)


class Met(dict[str, _Kept]):
    """What is known of each word, worked out when it is met first: texts are made of few words.

    Those that nobody else writes fill it one day; then it begins anew.
    """

    def __init__(self, work_out: Callable[[str], _Kept]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, word: str) -> _Kept:
        if len(self) >= _MOST_MET:
            self.clear()
        self[word] = known = self._work_out(word)
        return known


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    rest: tuple[str, ...]  # the words after the first
    stem: bool  # the last word is only the beginning of one

    def stands(self, text: Sequence[str], after: int) -> bool:
        """Whether the rest of the phrase stands in the text from the word number `after` on."""
        end = after + len(self.rest)
        if end > len(text):
            return False
        if not self.stem:
            return tuple(text[after:end]) == self.rest
        return tuple(text[after : end - 1]) == self.rest[:-1] and text[end - 1].startswith(self.rest[-1])


@dataclass(frozen=True, slots=True)
class _Known:
    """A word that phrases begin with: those that are this word alone, and the longer ones by their second word."""

    alone: tuple[str, ...]
    longer: Mapping[str, tuple[_Phrase, ...]]
    begun: tuple[_Phrase, ...]  # whose second word is the last, and only begins so


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Many phrases, found together in one pass over a text's words. Made by `index_phrases`."""

    single: Mapping[str, tuple[str, ...]]  # a word -> the phrases that are this word
    stems: Mapping[str, tuple[str, ...]]  # the beginning of a word -> the phrases that are it with a *
    longer: Mapping[str, Mapping[str, tuple[_Phrase, ...]]]  # by the first word and the second
    begun: Mapping[str, tuple[_Phrase, ...]]  # by the first, where the second is the last and only begins so
    _met: Met[_Known | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_met", Met(self._known))

    def find(self, text: Sequence[str]) -> frozenset[str]:
        """Those phrases, as they were given, that stand in the words of a text (see `words`)."""
        found: list[str] = []
        for after, (known, next_) in enumerate(zip_longest(map(self._met.__getitem__, text), text[1:]), start=1):
            if known is None:
                continue
            found += known.alone
            if next_ in known.longer:
                found += [phrase.text for phrase in known.longer[next_] if phrase.stands(text, after)]
            for phrase in known.begun:
                if phrase.stands(text, after):
                    found.append(phrase.text)
        return frozenset(found)

    def _known(self, word: str) -> _Known | None:
        """What begins with a word; None where nothing does."""
        alone = self.single.get(word, ())
        for length in sorted({len(stem) for stem in self.stems}):
            alone += self.stems.get(word[:length], ()) if length <= len(word) else ()
        longer, begun = self.longer.get(word, {}), self.begun.get(word, ())
        return _Known(alone, longer, begun) if alone or longer or begun else None


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
    return PhraseIndex(_frozen(single), _frozen(stems), *_by_beginning(longer))


def _by_beginning(
    longer: Mapping[str, Iterable[_Phrase]],
) -> tuple[Mapping[str, Mapping[str, tuple[_Phrase, ...]]], Mapping[str, tuple[_Phrase, ...]]]:
    """By first word: the phrases by their second word, and those whose second word is the last and only begins so."""
    by_second: dict[str, dict[str, list[_Phrase]]] = {}
    begun: dict[str, list[_Phrase]] = {}
    for first, phrases in longer.items():
        for phrase in phrases:
            if phrase.stem and len(phrase.rest) == 1:
                begun.setdefault(first, []).append(phrase)
            else:
                by_second.setdefault(first, {}).setdefault(phrase.rest[0], []).append(phrase)
    return {first: _frozen(seconds) for first, seconds in by_second.items()}, _frozen(begun)


def _frozen(lists: Mapping[str, list[_Kept]]) -> Mapping[str, tuple[_Kept, ...]]:
    return {key: tuple(kept) for key, kept in lists.items()}
