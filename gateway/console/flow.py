"""The picture of the flow: where on the page each channel, destination and line between them stands."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gateway.ledger.values import NOWHERE, BalanceRow

WIDTH = 960
ROW = 64
BOX_WIDTH, BOX_HEIGHT = 250, 48
_LEFT, _RIGHT = 1, WIDTH - BOX_WIDTH - 1
_THINNEST, _THICKEST = 2.0, 14.0


@dataclass(frozen=True, slots=True)
class Node:
    """A box: `mood` is `paused`, `bad`, or nothing; `told` is a line of small text below the name."""

    name: str
    x: float
    y: float
    told: str
    mood: str = ""

    @property
    def is_source(self) -> bool:
        """Whether reports come from here: it stands on the left."""
        return self.x == _LEFT


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from a channel to a destination: its path, how thick, whether anything went there of late."""

    path: str
    width: float
    idle: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture, in units of its own."""

    width: int
    height: int
    nodes: Sequence[Node]
    edges: Sequence[Edge]


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a channel or a destination for its box."""

    told: str
    mood: str = ""
    busy: bool = True


def drawn(rows: Iterable[BalanceRow], channels: Mapping[str, Place], destinations: Mapping[str, Place]) -> Picture:
    """Channels on the left, destinations on the right, as thick a line between them as much went there."""
    flows: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        if row.destination != NOWHERE and row.channel in channels and row.destination in destinations:
            flows[row.channel, row.destination] += row.accepted
    height = max(len(channels), len(destinations), 1) * ROW
    left = _column(channels, _LEFT, height)
    right = _column(destinations, _RIGHT, height)
    most = max(flows.values(), default=1)
    edges = [
        Edge(_curve(left[channel], right[destination]), _thickness(count, most), not destinations[destination].busy)
        for (channel, destination), count in sorted(flows.items())
        if count
    ]
    return Picture(WIDTH, height, [*left.values(), *right.values()], edges)


def _column(places: Mapping[str, Place], x: float, height: int) -> dict[str, Node]:
    top = (height - len(places) * ROW) / 2 + (ROW - BOX_HEIGHT) / 2
    return {
        name: Node(name, x, top + number * ROW, place.told, place.mood)
        for number, (name, place) in enumerate(places.items())
    }


def _curve(left: Node, right: Node) -> str:
    x1, y1 = left.x + BOX_WIDTH, left.y + BOX_HEIGHT / 2
    x2, y2 = right.x, right.y + BOX_HEIGHT / 2
    middle = (x1 + x2) / 2
    return f"M{x1:g} {y1:g} C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"


def _thickness(count: int, most: int) -> float:
    share = math.log1p(count) / math.log1p(most)
    return round(_THINNEST + (_THICKEST - _THINNEST) * share, 1)
