"""Makes the trained data of the gateway from counts: the classifier of categories, and the kinds of messages.

`python -m scripts.train_classifier` writes both files, the same bytes each time. `--measure` says how good the
classifier would be on reports drawn from counts that it has not seen.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.categories import load_categories
from gateway.classify.lexicon import load_lexicon
from gateway.classify.model import FILE, SCALE, Model, read_model
from gateway.screen.statistics import FILE as KINDS_FILE
from gateway.terms import standard, stem_of

DATA = Path(__file__).resolve().parents[1] / "gateway" / "data"
TOTAL = "#total"

SMOOTHING = 1.0
PANDEMIC = "CORONA VIRUS"
PANDEMIC_SHARE = 0.2
"""The counts are from 2021 to 2023; what was filed under the pandemic then is mostly filed elsewhere since."""
PHRASE_WEIGHT = 0.1
TEMPERATURE = 12.0
CALIBRATION = (
    (0.0, 0.1),
    (0.15, 0.38),
    (0.35, 0.7),
    (0.5, 0.79),
    (0.75, 0.82),
    (0.85, 0.88),
    (0.95, 0.97),
    (1.0, 0.99),
)
"""Read off `--measure`: how often a lead of that softmax was right there."""
DECIDES_FROM = 0.79

REPORT = "citizen_report"
KIND_SMOOTHING = 2.0
KIND_LIMIT = 2.0
"""No single word says more than this (natural logarithm) about whether a message is a report."""


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many messages of each class a term stands, and how many messages each class has."""

    totals: Mapping[str, int]
    cells: tuple[tuple[str, str, int], ...]  # term, class, messages


def read_counts(path: Path, of_class: str, number: str) -> Counts:
    """The counts in a file of tab-separated values."""
    totals, cells = {}, []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["term"] == TOTAL:
                totals[row[of_class]] = int(row[number])
            else:
                cells.append((row["term"], row[of_class], int(row[number])))
    return Counts(totals, tuple(cells))


def category_counts() -> Counts:
    """Terms of labelled reports by parent category."""
    return read_counts(DATA / "training" / "category_term_counts.tsv", "parent_category", "reports")


def kind_counts() -> Counts:
    """Terms of reports and of other messages."""
    return read_counts(DATA / "training" / "message_kind_term_counts.tsv", "kind", "messages")


def trained_classifier(counts: Counts) -> bytes:
    """The file of the classifier: a complement naive Bayes over stems, helped by the words of the lexicon."""
    parents = sorted(load_categories().parents)
    return _packed(
        {
            "parents": parents,
            "weights": _weights(_stem_counts(counts), parents),
            "phrase_weight": PHRASE_WEIGHT,
            "temperature": TEMPERATURE,
            "calibration": CALIBRATION,
            "decides_from": DECIDES_FROM,
        }
    )


def _stem_counts(counts: Counts) -> dict[str, dict[str, float]]:
    """By parent, how often each stem was counted; words of the lexicon count as if they had been seen a little."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for term, parent, reports in counts.cells:
        share = PANDEMIC_SHARE if parent == PANDEMIC else 1.0
        found[parent][_stem(term)] += reports * share
    seen = _summed(found)
    for (stem, parent), weight in sorted(_lexicon_words().items()):
        found[parent][stem] += weight * math.sqrt(1 + seen.get(stem, 0))
    return found


def _summed(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    everywhere: dict[str, float] = defaultdict(float)
    for parent in sorted(found):
        for stem, number in found[parent].items():
            everywhere[stem] += number
    return everywhere


def _lexicon_words() -> dict[tuple[str, str], float]:
    best: dict[tuple[str, str], float] = {}
    for phrase, entries in load_lexicon().entries.items():
        if " " not in phrase:
            for entry in entries:
                key = (stem_of(phrase.rstrip("*")), entry.parent)
                best[key] = max(best.get(key, 0.0), entry.weight)
    return best


def _weights(found: Mapping[str, Mapping[str, float]], parents: list[str]) -> dict[str, list[int]]:
    """Complement naive Bayes (Rennie et al. 2003, section 3) with normalized weights, centred for each stem."""
    everywhere = _summed(found)
    stems = sorted(everywhere)
    size = sum(everywhere[stem] for stem in stems)
    columns = []
    for parent in parents:
        own = found.get(parent, {})
        outside = size - sum(own.values()) + SMOOTHING * len(stems)
        column = [-math.log((everywhere[stem] - own.get(stem, 0) + SMOOTHING) / outside) for stem in stems]
        mean = sum(column) / len(column)
        columns.append([weight / mean for weight in column])
    weights = {}
    for stem, row in zip(stems, zip(*columns, strict=True), strict=True):
        middle = sum(row) / len(row)
        weights[stem] = [round((weight - middle) * SCALE) for weight in row]
    return weights


def trained_kinds(counts: Counts) -> bytes:
    """The file of message kinds: for each word, how much likelier it stands in a report than in another message."""
    seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for term, kind, messages in counts.cells:
        seen[standard([term])[0]][kind != REPORT] += messages
    reports = counts.totals[REPORT]
    others = sum(counts.totals.values()) - reports
    weights = {}
    for word in sorted(seen):
        inside, outside = seen[word]
        odds = math.log((inside + KIND_SMOOTHING) / (reports + 2 * KIND_SMOOTHING))
        odds -= math.log((outside + KIND_SMOOTHING) / (others + 2 * KIND_SMOOTHING))
        weights[word] = round(max(-KIND_LIMIT, min(KIND_LIMIT, odds)) * SCALE)
    return _packed({"weights": weights})


def _stem(term: str) -> str:
    return stem_of(standard([term])[0])


def _packed(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


# ------------------------------------------------------------------------------------------------ measuring

HELD_OUT = 0.2
KEPT_WORDS = 0.45
"""Share of a report's words that is kept: so few that plain complement naive Bayes reads 0.66, as on real reports."""


def measure(seeds: Iterable[int] = range(3)) -> list[tuple[float, bool, bool]]:
    """Reports drawn from held-out counts: how sure the classifier was, whether it was right, and right among three."""
    told = []
    for seed in seeds:
        chance = random.Random(seed)  # noqa: S311 - a simulation, not a secret
        kept, held = _split(category_counts(), chance)
        model = read_model(trained_classifier(kept))
        for parent, words in _drawn(held, chance):
            text = standard(words)
            ranked = model.probabilities(text, load_lexicon(), load_lexicon().found(text))
            told.append((ranked[0][1], ranked[0][0] == parent, parent in [one for one, _ in ranked[:3]]))
    return told


def _split(counts: Counts, chance: random.Random) -> tuple[Counts, Counts]:
    held_totals = {name: max(1, round(total * HELD_OUT)) for name, total in counts.totals.items()}
    kept, held = [], []
    for term, name, number in counts.cells:
        out = sum(chance.random() < HELD_OUT for _ in range(number))
        kept += [(term, name, number - out)] if out < number else []
        held += [(term, name, out)] if out else []
    kept_totals = {name: total - held_totals[name] for name, total in counts.totals.items()}
    return Counts(kept_totals, tuple(kept)), Counts(held_totals, tuple(held))


def _drawn(counts: Counts, chance: random.Random) -> Iterable[tuple[str, list[str]]]:
    """Two reports for each that was held out, fewer of the pandemic: as many as its share."""
    for parent, total in counts.totals.items():
        share = PANDEMIC_SHARE if parent == PANDEMIC else 1.0
        own = [(term, number / total) for term, name, number in counts.cells if name == parent]
        for _ in range(round(2 * total * share)):
            yield parent, [term for term, rate in own if chance.random() < KEPT_WORDS * rate]


def _print_measures() -> None:
    told = measure()
    decided = [right for sure, right, _ in told if sure >= DECIDES_FROM]
    print(f"reports drawn  {len(told)}")
    print(f"top-1          {sum(right for _, right, _ in told) / len(told):.3f}")
    print(f"top-3          {sum(third for _, _, third in told) / len(told):.3f}")
    print(f"decides alone  {len(decided) / len(told):.3f}, right {sum(decided) / max(1, len(decided)):.3f}")


def main() -> None:
    """Write the trained files, or measure."""
    if sys.argv[1:] == ["--measure"]:
        _print_measures()
        return
    (DATA / FILE).write_bytes(trained_classifier(category_counts()))
    (DATA / KINDS_FILE).write_bytes(trained_kinds(kind_counts()))


def model_of(counts: Counts) -> Model:
    """The classifier that these counts make."""
    return read_model(trained_classifier(counts))


if __name__ == "__main__":
    main()
