"""How far the words of a message are those of reports, or those of chat, advertising and fraud: counted, not judged."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from gateway.terms import standard

FILE = "message_kinds.json.gz"
SCALE = 1000


def leaning(words: Sequence[str]) -> tuple[float, int]:
    """The mean log-odds of the known words that a message is a report (below 0: something else), and their number."""
    weights = _weights()
    known = [weight for weight in map(weights.get, set(standard(words))) if weight is not None]
    return (sum(known) / SCALE / len(known), len(known)) if known else (0.0, 0)


@cache
def _weights() -> Mapping[str, int]:
    packed = (files("gateway") / "data" / FILE).read_bytes()
    weights: Mapping[str, int] = json.loads(gzip.decompress(packed))["weights"]
    return weights
