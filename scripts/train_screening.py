"""Learns from labelled messages how likely a message is no report: `python -m scripts.train_screening`.

The same messages give the same file. `--measure` tells what cross-validation says of it: each message is judged by what
was learned from the other four fifths.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gateway.cli.labelled import labelled_messages
from gateway.screen.learned import FILE, SCALE, features, logistic
from gateway.screen.reading import read
from gateway.titles import UNTITLED
from schemas.report import Message, Report

DATA = Path(__file__).resolve().parents[1] / "gateway" / "data"
MESSAGES = DATA / "training" / "messages.csv"

PENALTY = 0.001
RATE = 0.1
ROUNDS = 12
SEED = 1
SMALL = 20
"""Weights below this many thousandths are left out."""
FOLDS = 5
_THEN = datetime(2000, 1, 1, tzinfo=UTC)  # no feature depends on the time


@dataclass(frozen=True, slots=True)
class Example:
    """The features of a message, and whether it is no report."""

    features: Mapping[str, float]
    junk: bool


def examples(beside: Path | None = None) -> list[Example]:
    """The labelled messages that the gateway carries, and those of a file of one's own, as `review export` gives."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        carried = [_example(row["text"], junk=row["label"] == "junk") for row in csv.DictReader(file)]
    own = labelled_messages(beside) if beside is not None else []
    return carried + [_example(row.text, junk=row.label == "junk") for row in own if row.label is not None]


def _example(text: str, *, junk: bool) -> Example:
    message = Message(sequence=0, received_at=_THEN, text=text)
    return Example(features(read(Report(title=UNTITLED, content=text), message, title_written=False)), junk)


def learned(rows: Sequence[Example]) -> dict[str, float]:
    """Weights by logistic regression: stochastic gradient descent with AdaGrad's steps (Duchi et al. 2011) and L2."""
    kept = [(list(row.features.items()), row.junk) for row in rows]
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1e-6)
    chance = random.Random(SEED)  # noqa: S311 - the order of training, not a secret
    for _ in range(ROUNDS):
        chance.shuffle(kept)
        for found, junk in kept:
            wrong = logistic(sum(weights[name] * value for name, value in found)) - junk
            for name, value in found:
                slope = wrong * value + PENALTY * weights[name]
                squares[name] += slope * slope
                weights[name] -= RATE * slope / math.sqrt(squares[name])
    return weights


def trained_screening(rows: Sequence[Example]) -> dict[str, dict[str, int]]:
    """What the file holds: weights in thousandths, without the smallest."""
    rounded = {name: round(weight * SCALE) for name, weight in sorted(learned(rows).items())}
    return {"weights": {name: weight for name, weight in rounded.items() if abs(weight) >= SMALL}}


def cross_validated(rows: Sequence[Example]) -> Iterable[tuple[float, bool]]:
    """For each message its likelihood of being no report, learned without its own part, and whether it is none."""
    mixed = list(rows)
    random.Random(SEED).shuffle(mixed)  # noqa: S311 - the choice of parts, not a secret
    for part in range(FOLDS):
        weights = learned([row for at, row in enumerate(mixed) if at % FOLDS != part])
        for row in mixed[part::FOLDS]:
            yield logistic(sum(weights.get(name, 0.0) * value for name, value in row.features.items())), row.junk


def _print_measures() -> None:
    told = list(cross_validated(examples()))
    reports, others = ([likely for likely, junk in told if junk is kind] for kind in (False, True))
    print("from   of reports   of others")
    for limit in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99):
        shares = (sum(likely >= limit for likely in part) / len(part) for part in (reports, others))
        print(f"{limit:4.2f}   " + "        ".join(f"{share:.3f}" for share in shares))


def main() -> None:
    """Write the file, or measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--measure", action="store_true", help="only tell what cross-validation says")
    asked.add_argument("--with", dest="beside", type=Path, metavar="FILE", help="learn from this file as well")
    chosen = asked.parse_args()
    if chosen.measure:
        _print_measures()
        return
    trained = trained_screening(examples(chosen.beside))
    text = json.dumps(trained, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (DATA / FILE).write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
