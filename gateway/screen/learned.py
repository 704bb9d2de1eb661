"""How likely a message is no report, learned from labelled messages: a logistic regression over named features.

The features are the other checks' sights, the stems of the words with their neighbours and pieces, the counted leaning
and the length. `scripts/train_screening.py` learns the weights.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

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
    likely = round(likelihood(reading), 3)
    return Sight(likely, "reads like messages that were no reports") if likely >= _LEAST else None


def likelihood(reading: Reading) -> float:
    """The probability, from 0 to 1, that a message is no report: the logistic function of its weighed `features`.

    They are weighed without making those that weigh nothing.
    """
    weights = load_weights()
    stems = _stems(reading)
    distinct = set(stems)
    pairs = {f"pair {one} {next_}" for one, next_ in pairwise(("^", *stems, "$"))}
    pieces = set[str]().union(*map(_weighed_pieces, distinct))
    score = (
        sum(weights.get(name, 0) * value for name, value in (_sights(reading) | _shape(reading)).items())
        + sum(weights.get(f"word {stem}", 0) for stem in distinct)
        + sum(weights[pair] for pair in pairs if pair in weights) * _NEIGHBOURS
        + sum(weights[piece] for piece in pieces) * _PIECES
    )
    return logistic(score / SCALE)


def logistic(value: float) -> float:
    """The logistic function, safe far from 0."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


@lru_cache(maxsize=16384)
def _weighed_pieces(stem: str) -> tuple[str, ...]:
    return tuple(name for name in _pieces(stem) if name in load_weights())


def _pieces(stem: str) -> list[str]:
    """The names of the pieces of a stem, its beginning and its end marked; none of a short one."""
    spelled = f"^{stem}$"
    return (
        [f"piece {spelled[at : at + _PIECE]}" for at in range(len(spelled) - _PIECE + 1)] if len(stem) >= _PIECE else []
    )


def _stems(reading: Reading) -> list[str]:
    return [stem_of(word) for word in standard(reading.words[:_READ_WORDS])]


def features(reading: Reading) -> dict[str, float]:
    """What the model sees of a message, by name: a name tells where the feature comes from."""
    stems = _stems(reading)
    found = _sights(reading)
    found.update({f"word {stem}": 1.0 for stem in stems})
    found.update({f"pair {one} {next_}": _NEIGHBOURS for one, next_ in pairwise(("^", *stems, "$"))})
    found.update({piece: _PIECES for stem in set(stems) for piece in _pieces(stem)})
    return found | _shape(reading)


def _sights(reading: Reading) -> dict[str, float]:
    seen = {f"check {look.__name__}": sight.score for look in _LOOKS if (sight := look(reading)) is not None}
    return {"always": 1.0} | seen


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
