"""How likely a message is no report, learned from labelled messages: a logistic regression over named features.

The features are the other checks' sights, the stems of the words with their neighbours and pieces, the counted leaning
and the length. `scripts/train_screening.py` learns the weights.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from gateway.screen import against, speaking, telling
from gateway.screen.base import Sight
from gateway.screen.reading import Reading
from gateway.terms import standard, stem_of

FILE = "screening.json.gz"
SCALE = 1000
"""Weights are kept as whole thousandths, so that the file is the same on every machine."""

_LOOKS = (
    speaking.problem,
    speaking.action,
    speaking.place,
    speaking.agency,
    speaking.matter,
    speaking.duration,
    speaking.words_of_reports,
    speaking.tells_of_fraud,
    telling.court_matter,
    telling.legislation,
    telling.corruption,
    telling.crime,
    against.greeting_only,
    against.announcement_only,
    against.no_matter,
    against.private_talk,
    against.wrong_number,
    against.lure,
    against.test_message,
    against.abuse_only,
    against.gibberish,
    against.advert,
    against.scam,
    against.chain_message,
    against.idle_talk,
    against.words_of_others,
)
_PIECE = 4
_NEIGHBOURS, _PIECES = 0.7, 0.15  # what a pair and a piece weigh beside a word
_READ_WORDS = 60
"""Words that are read: a report says within them what it is about."""
_MANY = 30
_KNOWN = 8
_LEAST = 0.05


def reads_as_no_report(reading: Reading) -> Sight | None:
    """How likely it is no report, by what was learned. A photo, a place or a choice of category is more than words."""
    if not reading.words or reading.files or reading.has_place or reading.is_filed:
        return None
    likely = round(likelihood(features(reading)), 3)
    return Sight(likely, "reads like messages that were no reports") if likely >= _LEAST else None


def likelihood(found: Mapping[str, float]) -> float:
    """The probability, from 0 to 1, that a message with these features is no report."""
    weights = load_weights()
    return logistic(sum(weights.get(name, 0) * value for name, value in found.items()) / SCALE)


def logistic(value: float) -> float:
    """The logistic function, safe far from 0."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def features(reading: Reading) -> dict[str, float]:
    """What the model sees of a message, by name: a name tells where the feature comes from."""
    stems = [stem_of(word) for word in standard(reading.words[:_READ_WORDS])]
    found = {"always": 1.0}
    found.update({f"check {look.__name__}": sight.score for look in _LOOKS if (sight := look(reading)) is not None})
    found.update({f"word {stem}": 1.0 for stem in stems})
    found.update({f"pair {one} {next_}": _NEIGHBOURS for one, next_ in zip(("^", *stems), (*stems, "$"), strict=True)})
    for stem in {stem for stem in stems if len(stem) >= _PIECE}:
        spelled = f"^{stem}$"
        found.update({f"piece {spelled[at : at + _PIECE]}": _PIECES for at in range(len(spelled) - _PIECE + 1)})
    return found | _shape(reading)


def _shape(reading: Reading) -> dict[str, float]:
    number = len(reading.words)
    found = {
        "length": min(number, _MANY) / 10,
        f"words {min(number, 7)}": 1.0,
        "leaning": reading.leaning * min(reading.known, _KNOWN) / _KNOWN,
        "matters": min(reading.matters, 3) / 3,
    }
    signs = {"link": reading.links > 0, "price": reading.has_price, "contact": reading.has_contact}
    return found | {name: 1.0 for name, seen in signs.items() if seen}


@cache
def load_weights() -> Mapping[str, int]:
    """The weights that come with the gateway, in thousandths."""
    packed = (files("gateway") / "data" / FILE).read_bytes()
    weights: Mapping[str, int] = json.loads(gzip.decompress(packed))["weights"]
    return weights
