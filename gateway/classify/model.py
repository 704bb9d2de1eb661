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

from gateway.classify.lexicon import Lexicon
from gateway.terms import terms

FILE = "classifier.json.gz"
SCALE = 1000
"""Weights are kept as whole thousandths, so that the file is the same on every machine."""


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model: a row of weights per term, one weight per parent, in the order of `parents`.

    `calibration` maps the softmax of the scores to how often such a lead was right; `decides_from` is on that scale.
    """

    parents: tuple[str, ...]
    weights: Mapping[str, Sequence[int]]
    phrase_weight: float
    temperature: float
    calibration: tuple[tuple[float, float], ...]
    decides_from: float

    def probabilities(self, text: Sequence[str], lexicon: Lexicon, found: Sequence[str]) -> list[tuple[str, float]]:
        """Each parent with its probability for the words of a text, the likeliest first. They add up to 1."""
        rows = [self.weights[term] for term in terms(text) if term in self.weights]
        sums = [sum(column) / SCALE for column in zip(*rows, strict=True)] if rows else [0.0] * len(self.parents)
        scores = dict(zip(self.parents, sums, strict=True))
        for phrase in found:
            if " " in phrase:  # single words were counted with the terms
                for entry in lexicon.entries[phrase]:
                    scores[entry.parent] += self.phrase_weight * entry.weight
        return self._calibrated(scores)

    def _calibrated(self, scores: Mapping[str, float]) -> list[tuple[str, float]]:
        best = max(scores.values())
        powers = {parent: math.exp((score - best) * self.temperature) for parent, score in scores.items()}
        ranked = sorted(powers.items(), key=lambda item: (-item[1], item[0]))
        (first, power), others = ranked[0], ranked[1:]
        total = sum(powers.values())
        sure = interpolated(power / total, self.calibration)
        left = total - power
        return [(first, sure), *((parent, (1 - sure) * one / left if left else 0.0) for parent, one in others)]


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
    return Model(
        parents=tuple(read["parents"]),
        weights=read["weights"],
        phrase_weight=read["phrase_weight"],
        temperature=read["temperature"],
        calibration=tuple((x, y) for x, y in read["calibration"]),
        decides_from=read["decides_from"],
    )


@cache
def load_model() -> Model:
    """The model that comes with the gateway."""
    return read_model((files("gateway") / "data" / FILE).read_bytes())
