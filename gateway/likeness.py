"""Whether two reports tell of the same event: a keyed sketch of each, and how sketches are compared. Pure.

When in doubt two reports are two events: one that is linked wrongly would be as good as lost.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from gateway.classify.suggestion import Suggestion
from gateway.landmarks import MARKERS, facts_of, named_in
from gateway.terms import standard
from gateway.text import Text, text_of
from gateway.wording import words
from schemas.report import Location, Report

Hash = Callable[[str], bytes]
"""A keyed hash: equal for equal texts, and telling nobody anything about them who has not the key."""

_SHARED = frozenset(
    {
        "ENERGI DAN SUMBER DAYA ALAM",
        "EVAKUASI HEWAN LIAR",
        "KETENTERAMAN, KETERTIBAN UMUM, DAN PELINDUNGAN MASYARAKAT",
        "LINGKUNGAN HIDUP DAN KEHUTANAN",
        "PEKERJAAN UMUM DAN PENATAAN RUANG",
        "PERAIRAN",
        "PERHUBUNGAN",
    }
)
"""What several people meet together. Two people's identity cards are two matters, however alike the words are."""

_FEWEST_WORDS, _FEWEST_FACTS = 6, 3
_MOST_NAMES, _MOST_FACTS = 16, 32
_KEY_NAMES = 3
_CELL = 500
"""Cells for a degree: 0.002 degrees, about 220 m."""
_LEAST_FACTS, _PUBLIC_NAMES, _LEAST_NEWS = 2, 2, 3
_SAME_EVENT, _SAME_TEXT, _CONTAINED = 0.3, 0.5, 0.6
_FORM = 1
_OF_CELL = b"cell"
WORD = ("name:", "fact:")
"""Begin what is hashed of single words: of these there are few, and they come again and again."""
_HEAD = struct.Struct(">BBBB?4s")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A report as far as another one can be recognised by it. All are keyed hashes of four bytes.

    `names` are places and numbers (the last bit tells those narrower than a district), `facts` what happened, `matter`
    its category, `cells` the square of its position and those around it, its own first. `shared`: a matter that several
    people meet together.
    """

    names: tuple[bytes, ...]
    facts: tuple[bytes, ...]
    matter: bytes
    shared: bool
    cells: tuple[bytes, ...] = ()

    def packed(self) -> bytes:
        """The sketch as bytes."""
        head = _HEAD.pack(_FORM, len(self.names), len(self.facts), len(self.cells), self.shared, self.matter)
        return b"".join((head, *self.names, *self.facts, *self.cells))


@dataclass(frozen=True, slots=True)
class Likeness:
    """By what a report is found again as the same event. `sender` is the keyed hash of who told it.

    `keys` are kept, `asked` are looked for, among reports that are not older than the id `since`.
    """

    sender: bytes
    sketch: Sketch
    keys: tuple[bytes, ...]
    asked: tuple[bytes, ...]
    since: UUID


def unpacked(data: bytes) -> Sketch | None:
    """The sketch of such bytes; None when another version of the gateway wrote them."""
    form, names, facts, cells, shared, matter = _HEAD.unpack_from(data)
    if form != _FORM:
        return None
    parts = [data[at : at + 4] for at in range(_HEAD.size, len(data), 4)]
    until = names + facts
    return Sketch(tuple(parts[:names]), tuple(parts[names:until]), matter, shared, tuple(parts[until : until + cells]))


def likeness_of(
    report: Report, suggestion: Suggestion, sender: bytes | None, since: UUID, hashed: Hash, text: Text | None = None
) -> Likeness | None:
    """How the report is recognised; None for one that is never linked by itself. `text` is its, if it was cut before.

    That is one without a known sender, one that is secret or urgent, and one that says too little, or no place.
    """
    if sender is None or report.is_secret or report.is_priority:
        return None
    sketch = sketch_of(report, suggestion, hashed, text)
    if sketch is None:
        return None
    names = sorted(sketch.names)[:_KEY_NAMES]
    named = [b"".join(pair) for pair in combinations(names, 2)] or [sender + name for name in names]
    of_names = [hashed(f"key:{one.hex()}") for one in named]
    of_cells = [_OF_CELL + cell for cell in sketch.cells]  # hashed before: it tells no more as a key
    kept = (*of_names, *of_cells[:1])
    return Likeness(sender, sketch, kept, (*of_names, *of_cells), since) if kept else None


def sketch_of(report: Report, suggestion: Suggestion, hashed: Hash, text: Text | None = None) -> Sketch | None:
    """The sketch of a report's words; None when they are too few to tell one event from another."""
    text = text or text_of(report)
    names = dict(named_in(text.parted())) | dict(_located(report.location))
    facts = {fact for fact in facts_of(set(text.usual) - names.keys()) if len(fact) > 2 and fact.isalpha()}
    if len(text.usual) - bool(text.title) < _FEWEST_WORDS or len(facts) < _FEWEST_FACTS or len(names) > _MOST_NAMES:
        return None

    def short(text: str) -> bytes:
        return hashed(text)[:4]

    return Sketch(
        names=tuple(sorted(_marked(short(f"name:{name}"), narrow) for name, narrow in names.items())),
        facts=tuple(sorted(short(f"fact:{fact}") for fact in facts)[:_MOST_FACTS]),
        matter=short(f"matter:{suggestion.category.parent}"),
        shared=suggestion.category.parent in _SHARED,
        cells=tuple(short(f"cell:{cell}") for cell in _cells(report.location)),
    )


def alike(one: Sketch, other: Sketch, *, same_sender: bool) -> float | None:
    """How surely two reports tell of the same event, from 0 to 1; None when they are taken for two.

    Neither may name a place or a number that the other contradicts, they must share enough of them, and most of what
    happened must be the same. Reports of different people must be of one category that people meet together.
    """
    if not _same_place(one, other, 1):  # most are told apart by this alone
        return None
    together = sorted({*one.facts, *other.facts})[:_MOST_FACTS]
    common = len({*one.facts} & {*other.facts} & {*together})
    likeness = round(common / len(together), 2)
    if common < _LEAST_FACTS:
        return None
    contained = common > _LEAST_FACTS and common >= _CONTAINED * min(len(one.facts), len(other.facts))
    is_event = one.shared and one.matter == other.matter and (contained or likeness >= _SAME_EVENT)
    if is_event and _same_place(one, other, _PUBLIC_NAMES):
        return likeness
    return likeness if same_sender and likeness >= _SAME_TEXT else None


def brings_news(text: str, known: str) -> bool:
    """Whether a text tells something that is not in what is known already."""
    return len(facts_of(standard(words(text))) - facts_of(standard(words(known)))) >= _LEAST_NEWS


def _same_place(one: Sketch, other: Sketch, least: int) -> bool:
    mine, others = set(one.names), set(other.names)
    if mine - others and others - mine:
        return False
    is_near = bool(one.cells and other.cells and one.cells[0] in other.cells)
    if one.cells and other.cells and not is_near:
        return False
    if is_near:
        return True
    common = mine & others
    return len(common) >= least and any(name[-1] & 1 for name in common)


def _located(location: Location | None) -> Iterator[tuple[str, bool]]:
    if location is None:
        return
    for field, narrow in ((location.village, True), (location.district, True), (location.regency, False)):
        for word in standard(words(field or "")):
            if word not in MARKERS:
                yield word, narrow


def _cells(location: Location | None) -> list[str]:
    if location is None or location.latitude is None or location.longitude is None:
        return []
    across, along = round(location.latitude * _CELL), round(location.longitude * _CELL)
    around = sorted((abs(x) + abs(y), x, y) for x in (-1, 0, 1) for y in (-1, 0, 1))
    return [f"{across + x}/{along + y}" for _, x, y in around]


def _marked(name: bytes, narrow: bool) -> bytes:
    return name[:3] + bytes([(name[3] & 0xFE) | narrow])
