"""Charts as pictures that stand alone (SVG): on white, told by numbers and not by colour alone, fit for print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

WIDTH = 720
_INK, _SOFT, _LINE, _BLUE = "#16202c", "#4f5d6e", "#c5cdd8", "#0b57a4"
_FONT = "Arial, Helvetica, sans-serif"
_TOP, _PLOT, _LEFT = 52, 180, 44
_ROW, _BAR, _NAMES, _END = 34, 20, 170, 56


class Part(NamedTuple):
    """One part of a bar: which figure, what it is called, and its colour (3:1 on white, WCAG 1.4.11)."""

    key: str
    label: str
    colour: str


def columns(title: str, values: Sequence[int], labels: Sequence[str]) -> str:
    """A column for each value, its number above it and its label below."""
    most, step = max([*values, 1]), (WIDTH - _LEFT - 8) / max(len(values), 1)
    drawn = [f'<line x1="{_LEFT}" x2="{WIDTH - 8}" y1="{_TOP + _PLOT}" y2="{_TOP + _PLOT}" stroke="{_LINE}"/>']
    for place, (value, label) in enumerate(zip(values, labels, strict=True)):
        left, tall = _LEFT + place * step, value / most * (_PLOT - 18)
        middle = left + step / 2
        if value:
            top = _TOP + _PLOT - tall
            drawn.append(
                f'<rect x="{left + 2:.1f}" y="{top:.1f}" width="{step - 4:.1f}" height="{tall:.1f}" fill="{_BLUE}"/>'
            )
            drawn.append(_text(middle, top - 4, str(value), 10, _INK, "middle"))
        drawn.append(_text(middle, _TOP + _PLOT + 14, label, 10, _SOFT, "middle"))
    return _picture(title, _TOP + _PLOT + 26, drawn)


def bars(title: str, rows: Mapping[str, Mapping[str, int]], parts: Sequence[Part]) -> str:
    """A bar for each row, in parts, as long as the sum of its figures; every part says its number where it fits."""
    used = [part for part in parts if any(row.get(part.key) for row in rows.values())]
    most = max([sum(row.get(part.key, 0) for part in used) for row in rows.values()] + [1])
    drawn = _legend(used)
    for place, (name, row) in enumerate(rows.items()):
        drawn += _bar(_TOP + 26 + place * _ROW, name, row, used, most)
    return _picture(title, _TOP + 34 + max(len(rows), 1) * _ROW, drawn)


def _bar(top: float, name: str, row: Mapping[str, int], parts: Sequence[Part], most: int) -> list[str]:
    drawn, left = [_text(_NAMES - 10, top + 15, _shortened(name), 12, _INK, "end")], float(_NAMES)
    for part in parts:
        count = row.get(part.key, 0)
        wide = count / most * (WIDTH - _NAMES - _END)
        if count:
            drawn.append(f'<rect x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{_BAR}" fill="{part.colour}"/>')
        if wide >= 8 * len(str(count)) + 6:
            drawn.append(_text(left + wide / 2, top + 14, str(count), 11, "#ffffff", "middle"))
        left += wide
    drawn.append(_text(left + 6, top + 15, str(sum(row.get(part.key, 0) for part in parts)), 12, _INK, "start"))
    return drawn


def _legend(parts: Sequence[Part]) -> list[str]:
    drawn, left = [], float(_NAMES)
    for part in parts:
        drawn.append(f'<rect x="{left:.0f}" y="{_TOP - 8}" width="12" height="12" fill="{part.colour}"/>')
        drawn.append(_text(left + 17, _TOP + 2, part.label, 11, _SOFT, "start"))
        left += 30 + 6.2 * len(part.label)
    return drawn


def _shortened(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _text(x: float, y: float, text: str, size: int, colour: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _picture(title: str, height: float, drawn: Sequence[str]) -> str:
    tall = int(height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" width="{WIDTH}" height="{tall}" '
        f'font-family="{_FONT}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{tall}" fill="#ffffff"/>'
    )
    return (
        head
        + _text(8, 22, title, 15, _INK, "start").replace("<text", '<text font-weight="bold"', 1)
        + "".join(drawn)
        + "</svg>"
    )
