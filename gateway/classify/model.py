"""The trained part: how strongly each term speaks for each parent category, and how sure a lead makes us."""

from __future__ import annotations

import gzip
import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gateway.classify.rows import Rows
from gateway.lexicon import Lexicon
from gateway.terms import terms
from gateway.text import BREAK

FILE = "classifier.json.gz"
SCALE = 1000
"""Weights are kept as whole thousandths, so that the file is the same on every machine."""

AS_WRITTEN = "="
"""Stands before a word that is counted as it is written, beside its stem."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen by measuring. `few`: up to so many counted words, invented messages and phrases count in full.

    `phrase_most`: no parent gets more than this from phrases. `calibration` maps the softmax of the scores to how often
    such a lead was right; what follows is on that scale. From `decides_from` on the likeliest parent is taken. Where
    one word speaks for it against the rest of a short text, only from `decides_by_one_word` on: fewer than `short`
    counted words stand in it, and without that word the parent would have less than `rest`, which is less than chance.
    """

    few: float
    phrase_weight: float
    phrase_most: float
    temperature: float
    temperature_words: float
    calibration: tuple[tuple[float, float], ...]
    decides_from: float
    decides_by_one_word: float
    short: int
    rest: float


@dataclass(frozen=True, slots=True)
class Model:
    """Two linear models: rows of weights per term, one weight per parent, in the order of `parents`.

    `counted` comes from real reports, `told` from invented messages and the lexicon. A long text has enough words that
    were counted in real reports; a short one needs the rest as well.
    """

    parents: tuple[str, ...]
    counted: Rows
    told: Rows
    settings: Settings

    def decides(self, text: Sequence[str], lexicon: Lexicon, parent: str, sure: float) -> bool:
        """Whether the likeliest parent of a text, of that probability, is taken without a person.

        A word may mean something else (`kk`: a family's card, or a brother): against all others it must be surer.
        """
        chosen = self.settings
        if not chosen.decides_from <= sure < chosen.decides_by_one_word:
            return sure >= chosen.decides_from
        return not self._is_one_word_against_the_rest(text, lexicon, parent)

    def _is_one_word_against_the_rest(self, text: Sequence[str], lexicon: Lexicon, parent: str) -> bool:
        distinct = set(text)
        if sum(map(self.counted.__contains__, terms(distinct))) >= self.settings.short:
            return False
        return any(self._without(word, text, lexicon, parent) < self.settings.rest for word in distinct)

    def _without(self, word: str, text: Sequence[str], lexicon: Lexicon, parent: str) -> float:
        """The probability of a parent if a word did not stand in the text, and no phrase reached over its place."""
        rest = [BREAK if one == word else one for one in text]
        return dict(self.probabilities(rest, lexicon, lexicon.found(rest)))[parent]

    def probabilities(self, text: Sequence[str], lexicon: Lexicon, found: Sequence[str]) -> list[tuple[str, float]]:
        """Each parent with its probability for the words of a text, the likeliest first. They add up to 1."""
        scores, known = self.scores(text, lexicon, found)
        return self._calibrated(scores, known)

    def scores(self, text: Sequence[str], lexicon: Lexicon, found: Sequence[str]) -> tuple[dict[str, float], int]:
        """The score of each parent, and how many words of the text were counted in real reports."""
        distinct = set(text)
        stems = terms(distinct)
        known, counted = self.counted.summed(stems)
        _, written = self.counted.summed(map(AS_WRITTEN.__add__, distinct))
        _, told = self.told.summed(stems)
        share = min(1.0, (self.settings.few / known) ** 2) if known else 1.0
        points: dict[str, float] = dict.fromkeys(self.parents, 0.0)
        for entry in (entry for phrase in found for entry in lexicon.entries[phrase]):
            points[entry.parent] += entry.weight
        weight, most = self.settings.phrase_weight, self.settings.phrase_most
        return {
            parent: (one + same) / SCALE + share * (other / SCALE + weight * min(point, most))
            for (parent, point), one, same, other in zip(points.items(), counted, written, told, strict=True)
        }, known

    def _calibrated(self, scores: Mapping[str, float], known: int) -> list[tuple[str, float]]:
        powers = self.softmax(scores, known)
        ranked = sorted(powers.items(), key=lambda item: (-item[1], item[0]))
        (first, power), others = ranked[0], ranked[1:]
        sure = interpolated(power, self.settings.calibration)
        left = 1 - power
        return [(first, sure), *((parent, (1 - sure) * one / left if left else 0.0) for parent, one in others)]

    def softmax(self, scores: Mapping[str, float], known: int) -> dict[str, float]:
        """The scores as shares of 1, before calibration; the more words were known, the more their lead means."""
        heat = self.settings.temperature * (1 + known / self.settings.temperature_words)
        best = max(scores.values())
        powers = {parent: math.exp((score - best) * heat) for parent, score in scores.items()}
        total = sum(powers.values())
        return {parent: power / total for parent, power in powers.items()}


def interpolated(value: float, points: Sequence[tuple[float, float]]) -> float:
    """The height at `value` of the line through points that are sorted by their first number."""
    at = bisect_right(points, (value, math.inf))
    if at in (0, len(points)):
        return points[min(at, len(points) - 1)][1]
    (x0, y0), (x1, y1) = points[at - 1], points[at]
    return y0 + (y1 - y0) * (value - x0) / (x1 - x0)


def read_model(packed: bytes) -> Model:
    """A model from the bytes of its file."""
    read = json.loads(gzip.decompress(packed))
    chosen = read["settings"]
    calibration = tuple((x, y) for x, y in chosen.pop("calibration"))
    counted, told = (Rows(read[name], len(read["parents"])) for name in ("counted", "told"))
    return Model(tuple(read["parents"]), counted, told, Settings(calibration=calibration, **chosen))


@cache
def load_model() -> Model:
    """The model that comes with the gateway."""
    return read_model((files("gateway") / "data" / FILE).read_bytes())
