"""Makes the trained data of the gateway from counts: the classifier of categories, and the kinds of messages.

`python -m scripts.train_classifier` writes both files, the same bytes each time; `scripts.measure_classifier` says how
good the classifier is.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.categories import load_categories
from gateway.classify.model import AS_WRITTEN, FILE, SCALE
from gateway.cli.labelled import labelled_messages
from gateway.lexicon import load_lexicon
from gateway.screen.statistics import FILE as KINDS_FILE
from gateway.terms import standard, stem_of, terms
from gateway.wording import words

DATA = Path(__file__).resolve().parents[1] / "gateway" / "data"
TOTAL = "#total"

SMOOTHING = 3.0
LIKELIHOOD_SHARE, PRIOR_WORDS = 0.4, 8000.0
"""So much of a counted weight is multinomial naive Bayes, smoothed by so many words of all parents."""
TOLD_SMOOTHING = 0.5
SETTINGS: dict[str, Any] = {
    "few": 5.0,
    "phrase_weight": 0.8,
    "phrase_most": 8.0,
    "temperature": 1.0,
    "temperature_words": 15.0,
    "calibration": (
        (0.0, 0.12),
        (0.15, 0.33),
        (0.35, 0.5),
        (0.55, 0.58),
        (0.7, 0.7),
        (0.8, 0.78),
        (0.9, 0.88),
        (0.95, 0.95),
        (1.0, 0.985),
    ),
    "decides_from": 0.7,
    "decides_by_one_word": 0.9,
    "short": 10,
    "rest": 0.02,
}
"""Chosen on cross-validated messages and drawn reports; the calibration is read off `scripts/measure_classifier.py`."""

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


def invented_messages() -> list[tuple[str, str]]:
    """Texts and parents of the invented reports that the gateway carries.

    Those of `reports.csv` are for the classifier alone: screening learns from as many others beside reports.
    """
    rows: list[dict[str, str]] = []
    for name in ("messages.csv", "reports.csv"):
        with (DATA / "training" / name).open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return [(row["text"], row["parent_category"]) for row in rows if row["parent_category"]]


def own_messages(path: Path) -> list[tuple[str, str]]:
    """Texts and their parent categories from a file of one's own, as `review export` writes it."""
    return [(row.text, row.parent) for row in labelled_messages(path) if row.parent is not None]


def trained_classifier(counts: Counts, messages: Iterable[tuple[str, str]]) -> bytes:
    """The file of the classifier: naive Bayes over stems and words of the counts, and over stems of the messages."""
    parents = sorted(load_categories().parents)
    return _packed(
        {
            "parents": parents,
            "counted": _counted_weights(counts, parents),
            "told": weights_of(_told(messages), parents, TOLD_SMOOTHING),
            "settings": SETTINGS,
        }
    )


def _counted_weights(counts: Counts, parents: list[str]) -> dict[str, list[int]]:
    """Stems and words as written, half and half: a stem is seen more often, a written word means one thing."""
    written: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for term, parent, reports in counts.cells:
        written[parent][AS_WRITTEN + standard([term])[0]] += reports
    weights = {}
    for found in (_stem_counts(counts), written):
        likely = likelihoods_of(found, parents)
        for term, row in weights_of(found, parents, SMOOTHING).items():
            pairs = zip(row, likely[term], strict=True)
            weights[term] = [
                round(((1 - LIKELIHOOD_SHARE) * one + LIKELIHOOD_SHARE * other) / 2) for one, other in pairs
            ]
    return weights


def _stem_counts(counts: Counts) -> dict[str, dict[str, float]]:
    """By parent, how often each stem was counted."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for term, parent, reports in counts.cells:
        found[parent][_stem(term)] += reports
    return found


def _told(messages: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """The same of messages; words of the lexicon count as if they had been seen a little."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for text, parent in messages:
        for stem in terms(standard(words(text))):
            found[parent][stem] += 1
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


def weights_of(found: Mapping[str, Mapping[str, float]], parents: list[str], smoothing: float) -> dict[str, list[int]]:
    """Complement naive Bayes (Rennie et al. 2003, section 3.1), centred for each stem."""
    everywhere = _summed(found)
    stems = sorted(everywhere)
    size = sum(everywhere[stem] for stem in stems)
    columns = []
    for parent in parents:
        own = found.get(parent, {})
        outside = size - sum(own.values()) + smoothing * len(stems)
        columns.append([-math.log((everywhere[stem] - own.get(stem, 0) + smoothing) / outside) for stem in stems])
    weights = {}
    for stem, row in zip(stems, zip(*columns, strict=True), strict=True):
        middle = sum(row) / len(row)
        weights[stem] = [round((weight - middle) * SCALE) for weight in row]
    return weights


def likelihoods_of(found: Mapping[str, Mapping[str, float]], parents: list[str]) -> dict[str, list[float]]:
    """Multinomial naive Bayes with a Dirichlet prior of all parents' words (Zhai and Lafferty 2004), centred likewise.

    A parent of few reports is hardly told by it: there complement naive Bayes, which looks at all the others, speaks.
    """
    everywhere = _summed(found)
    size = sum(everywhere.values())
    own = {parent: sum(found.get(parent, {}).values()) for parent in parents}
    weights = {}
    for term in sorted(everywhere):
        share = everywhere[term] / size
        row = [
            math.log((found.get(parent, {}).get(term, 0) + PRIOR_WORDS * share) / (own[parent] + PRIOR_WORDS) / share)
            for parent in parents
        ]
        middle = sum(row) / len(row)
        weights[term] = [(weight - middle) * SCALE for weight in row]
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


def main() -> None:
    """Write the trained files."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--with", dest="beside", type=Path, metavar="FILE", help="learn from this file as well")
    own = asked.parse_args().beside
    messages = [*invented_messages(), *(own_messages(own) if own is not None else ())]
    (DATA / FILE).write_bytes(trained_classifier(category_counts(), messages))
    (DATA / KINDS_FILE).write_bytes(trained_kinds(kind_counts()))


if __name__ == "__main__":
    main()
