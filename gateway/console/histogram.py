"""The histogram of how long a destination takes to answer, drawn from the last attempts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

BOUNDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Upper bounds of the bins in seconds; what takes longer has a bin of its own."""
LABELS = ("10 ms", "30", "100", "300", "1 s", "3", "10", "30", "∞")
WIDTH, HEIGHT = 400, 120
_GROUND = 96
_GAP = 4


@dataclass(frozen=True, slots=True)
class Bin:
    """A column: where it stands, how high, what it counts."""

    x: float
    y: float
    width: float
    height: float
    count: int
    label: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """The columns, and the times within which half and nineteen of twenty were answered; None without any."""

    bins: Sequence[Bin]
    count: int
    half: float | None
    most: float | None


def histogram(seconds: Sequence[float]) -> Histogram:
    """The histogram of some durations in seconds."""
    counts = [0] * (len(BOUNDS) + 1)
    for one in seconds:
        counts[bisect_left(BOUNDS, one)] += 1
    highest = max(max(counts), 1)
    width = WIDTH / len(counts)
    bins = [
        Bin(
            x=round(number * width + _GAP / 2, 1),
            y=round(_GROUND - count / highest * (_GROUND - 16), 1),
            width=round(width - _GAP, 1),
            height=round(count / highest * (_GROUND - 16), 1),
            count=count,
            label=LABELS[number],
        )
        for number, count in enumerate(counts)
    ]
    ordered = sorted(seconds)
    return Histogram(bins, len(ordered), _share(ordered, 0.5), _share(ordered, 0.95))


def _share(ordered: Sequence[float], share: float) -> float | None:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else None
