"""Charts that are told by numbers and not by colour alone, fit for print: for a page or a letter, and for a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.daily.drawing import Box, Picture, Words

_INK, _SOFT, _LINE, _BLUE, _WHITE = "#16202c", "#4f5d6e", "#c5cdd8", "#0b57a4", "#ffffff"
_TITLE, _EDGE = 40, 8
_LEGEND, _SIGN = 22, 12
_BAR = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """How a chart is arranged. `rows`: over how many the columns are spread. `names`: so many pixels stand to the left
    of each bar for its name; 0: the name stands above. `titled`: it says itself what it shows.
    """

    width: int
    rows: int
    plot: int
    names: int
    titled: bool = True

    @property
    def top(self) -> int:
        """Where the drawing begins."""
        return _TITLE if self.titled else _EDGE


LETTER = Layout(width=720, rows=1, plot=180, names=170)
"""For a letter, and everything else that it leaves the page for."""
PAGE = Layout(width=720, rows=1, plot=180, names=170, titled=False)
"""For a page that says above it what it shows."""
PHONE = Layout(width=340, rows=2, plot=110, names=0, titled=False)
"""The same for a page on a phone: as large as it is shown, so that every number can be read."""


class Part(NamedTuple):
    """One part of a bar: which figure, what it is called, and its colour (3:1 on white, WCAG 1.4.11)."""

    key: str
    label: str
    colour: str


def blank(title: str, said: str, layout: Layout = LETTER) -> Picture:
    """Of a day without figures: that there are none."""
    return Picture(
        title, layout.width, layout.top + 34, [*_head(title, layout), Words(_EDGE, layout.top + 16, said, 12, _SOFT)]
    )


def columns(title: str, values: Sequence[int], labels: Sequence[str], layout: Layout = LETTER) -> Picture:
    """A column for each value, its number above it where it fits and its label below."""
    each = -(-len(values) // layout.rows)
    most, tall = max(values), layout.plot + 26
    drawn = _head(title, layout)
    for row in range(layout.rows):
        some = slice(row * each, (row + 1) * each)
        drawn += _columns(values[some], labels[some], layout, layout.top + row * tall, most)
    return Picture(title, layout.width, layout.top + layout.rows * tall, drawn)


def bars(title: str, rows: Mapping[str, Mapping[str, int]], parts: Sequence[Part], layout: Layout = LETTER) -> Picture:
    """A bar for each row, in parts, as long as the sum of its figures; of several each says its own where it fits."""
    used = [part for part in parts if any(row.get(part.key) for row in rows.values())]
    most = max([sum(row.get(part.key, 0) for part in used) for row in rows.values()] + [1])
    legend, top = _legend(used, layout)
    drawn, tall = [*_head(title, layout), *legend], 34 if layout.names else 50
    for place, (name, row) in enumerate(rows.items()):
        drawn += _bar(top + place * tall, name, row, used, most, layout)
    return Picture(title, layout.width, top + len(rows) * tall, drawn)


def _columns(values: Sequence[int], labels: Sequence[str], layout: Layout, top: float, most: int) -> list[Box | Words]:
    step, ground = (layout.width - 2 * _EDGE) / len(values), top + layout.plot
    drawn: list[Box | Words] = [Box(_EDGE, ground, layout.width - 2 * _EDGE, 1, _LINE)]
    for place, (value, label) in enumerate(zip(values, labels, strict=True)):
        left, tall = _EDGE + place * step, value / most * (layout.plot - 18)
        middle = left + step / 2
        if value:
            drawn.append(Box(left + 2, ground - tall, step - 4, tall, _BLUE))
        if value and (value == most or _breadth(str(value), 10) <= step):
            drawn.append(Words(middle, ground - tall - 4, str(value), 10, _INK, "middle"))
        drawn.append(Words(middle, ground + 14, label, 10, _SOFT, "middle"))
    return drawn


def _bar(
    top: float, name: str, row: Mapping[str, int], parts: Sequence[Part], most: int, layout: Layout
) -> list[Box | Words]:
    if layout.names:
        drawn: list[Box | Words] = [Words(layout.names - 10, top + 15, _shortened(name, 24), 12, _INK, "end")]
    else:
        drawn, top = [Words(_EDGE, top + 13, _shortened(name, 44), 13, _INK)], top + 18
    counts = [row.get(part.key, 0) for part in parts]
    several = sum(map(bool, counts)) > 1
    left, room = float(layout.names or _EDGE), layout.width - (layout.names or _EDGE) - _EDGE - _breadth(str(most), 12)
    for part, count in zip(parts, counts, strict=True):
        wide = count / most * (room - 6)
        if count:
            drawn.append(Box(left, top, wide, _BAR, part.colour))
        if several and wide >= _breadth(str(count), 11) + 6:
            drawn.append(Words(left + wide / 2, top + 14, str(count), 11, _WHITE, "middle"))
        left += wide
    return [*drawn, Words(left + 6, top + 15, str(sum(counts)), 12, _INK)]


def _legend(parts: Sequence[Part], layout: Layout) -> tuple[list[Box | Words], int]:
    """What the colours mean, on as many lines as it takes; and where the next thing begins."""
    begin = layout.names or _EDGE
    drawn, left, top = list[Box | Words](), float(begin), layout.top
    for part in parts:
        wide = _SIGN + 5 + _breadth(part.label, 11) + 14
        if left + wide > layout.width and left > begin:
            left, top = float(begin), top + _LEGEND
        drawn += [Box(left, top, _SIGN, _SIGN, part.colour)]
        drawn += [Words(left + _SIGN + 5, top + 10, part.label, 11, _SOFT)]
        left += wide
    return drawn, top + _LEGEND + 8


def _head(title: str, layout: Layout) -> list[Box | Words]:
    return [Words(_EDGE, 22, title, 15, _INK, bold=True)] if layout.titled else []


def _breadth(text: str, size: int) -> float:
    """How wide a text is, rather too much than too little: in Arial a letter is half as wide as it is high."""
    return len(text) * size * 0.58


def _shortened(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
