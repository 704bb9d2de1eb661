"""The hand-written phrases that point at a parent category and at an id below it."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from gateway.terms import standard
from gateway.wording import PhraseIndex, index_phrases, words


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase points at, and how strongly (1 to 5)."""

    parent: str
    category_id: int | None
    weight: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases as `gateway.terms.standard` spells them, with what each points at."""

    entries: Mapping[str, tuple[Entry, ...]]
    index: PhraseIndex

    def found(self, text: Sequence[str]) -> list[str]:
        """The phrases that stand in the words of a text, without those that are part of another one found."""
        found = {one.rstrip("*"): one for one in sorted(self.index.find(text))}
        padded = "\n".join(f" {bare} " for bare in found)
        return [one for bare, one in found.items() if padded.count(f" {bare} ") == 1]

    def ids(self, found: Sequence[str]) -> Mapping[str, Counter[int]]:
        """How strongly phrases that were found point at each category id, by its parent category."""
        points: dict[str, Counter[int]] = defaultdict(Counter)
        for entry in (entry for phrase in found for entry in self.entries[phrase]):
            if entry.category_id is not None:
                points[entry.parent][entry.category_id] += int(entry.weight)
        return points


@cache
def load_lexicon() -> Lexicon:
    """The lexicon that comes with the gateway."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for phrase, entry in _rows():
        entries[phrase].append(entry)
    return Lexicon({phrase: tuple(rows) for phrase, rows in entries.items()}, index_phrases(entries))


def _rows() -> Iterator[tuple[str, Entry]]:
    text = (files("gateway") / "data" / "category_lexicon.tsv").read_text(encoding="utf-8")
    for row in csv.DictReader(StringIO(text), delimiter="\t"):
        entry = Entry(
            row["parent_category"], int(row["category_id"]) if row["category_id"] else None, float(row["weight"])
        )
        yield from ((_spelled(phrase), entry) for phrase in row["phrases"].split(", "))


def _spelled(phrase: str) -> str:
    parts = words(phrase)
    if phrase.endswith("*"):  # only the beginning of a word: it has no standard spelling
        return " ".join([*standard(parts[:-1]), parts[-1]]) + "*"
    return " ".join(standard(parts))
