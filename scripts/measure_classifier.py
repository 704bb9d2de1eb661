"""How good the classifier of categories is: `python -m scripts.measure_classifier`.

On reports drawn from counts that were kept out of training, beside plain complement naive Bayes on the same counts; and
on invented messages by cross-validation.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.classify.model import Model, read_model
from gateway.lexicon import load_lexicon
from gateway.terms import standard
from gateway.wording import words
from scripts.train_classifier import (
    Counts,
    category_counts,
    invented_messages,
    trained_classifier,
    weights_of,
)

PLAIN_SMOOTHING = 1.0
PANDEMIC = "CORONA VIRUS"
PANDEMIC_SHARE = 0.2
"""Share of the pandemic's reports that is drawn for measuring: later years file most of them elsewhere."""
HELD_OUT = 0.2
KEPT_WORDS = 0.45
"""Share of a report's words that is kept: so few that plain complement naive Bayes reads 0.66, as on real reports."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What the classifier said of one text whose parent is known: its lead before calibration, and how it ranked."""

    lead: float
    decides: bool
    right: bool
    among_three: bool


def measure_drawn(seeds: Iterable[int] = range(3)) -> list[Told]:
    """Reports drawn from counts that were kept out of training."""
    told = []
    for seed in seeds:
        chance = random.Random(seed)  # noqa: S311 - a simulation, not a secret
        kept, held = _split(category_counts(), chance)
        model = read_model(trained_classifier(kept, invented_messages()))
        told += [_judged(model, drawn, parent) for parent, drawn in _drawn(held, chance)]
    return told


def measure_plain(seeds: Iterable[int] = range(3)) -> float:
    """How often plain complement naive Bayes over words is right on the same drawn reports: the baseline."""
    hits = []
    for seed in seeds:
        chance = random.Random(seed)  # noqa: S311 - a simulation, not a secret
        kept, held = _split(category_counts(), chance)
        found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for term, parent, reports in kept.cells:
            found[parent][term] += reports
        parents = sorted(kept.totals)
        weights = weights_of(found, parents, PLAIN_SMOOTHING)
        for parent, drawn in _drawn(held, chance):
            rows = [weights[word] for word in drawn if word in weights]
            sums = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(parents)
            hits.append(parents[sums.index(max(sums))] == parent)
    return sum(hits) / len(hits)


def measure_messages() -> list[Told]:
    """Invented messages, each judged by a classifier that was trained on the other four fifths of them."""
    messages = invented_messages()
    random.Random(1).shuffle(messages)  # noqa: S311 - the choice of parts, not a secret
    told = []
    for part in range(FOLDS):
        rest = [message for at, message in enumerate(messages) if at % FOLDS != part]
        model = read_model(trained_classifier(category_counts(), rest))
        told += [_judged(model, words(text), parent) for text, parent in messages[part::FOLDS]]
    return told


def _judged(model: Model, said: list[str], parent: str) -> Told:
    text, lexicon = standard(said), load_lexicon()
    scores, known = model.scores(text, lexicon, lexicon.found(text))
    ranked = model.probabilities(text, lexicon, lexicon.found(text))
    lead = max(model.softmax(scores, known).values())
    (first, sure), *_ = ranked
    decides = model.decides(text, lexicon, first, sure)
    return Told(lead, decides, first == parent, parent in [one for one, _ in ranked[:3]])


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


def main() -> None:
    """Print the figures."""
    print(f"plain complement naive Bayes on drawn reports: top-1 {measure_plain():.3f}")
    for name, told in (("drawn reports", measure_drawn()), ("messages", measure_messages())):
        decided = [one.right for one in told if one.decides]
        print(f"{name}: {len(told)}, top-1 {_share([one.right for one in told]):.3f}, ", end="")
        print(f"top-3 {_share([one.among_three for one in told]):.3f}, ", end="")
        print(f"decides {len(decided) / len(told):.3f}, right there {_share(decided):.3f}")
        for low in range(10):
            leads = [one.right for one in told if low / 10 <= one.lead < (low + 1) / 10 or (low == 9 and one.lead == 1)]
            print(f"  lead from {low / 10:.1f}: {len(leads)}, right {_share(leads):.3f}")


def _share(hits: list[bool]) -> float:
    return sum(hits) / max(1, len(hits))


if __name__ == "__main__":
    main()
