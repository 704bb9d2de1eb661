"""A picture as a list of rectangles and texts, and as SVG that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

FONT = "Arial, Helvetica, sans-serif"
PAPER = "#ffffff"
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `x` and `y` are its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text whose base line is at `y`; `x` is where it begins, its middle or where it ends."""

    x: float
    y: float
    text: str
    size: int
    colour: str
    anchor: Anchor = "start"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn on white paper so many pixels wide and high; `title` says what it is to whoever cannot see it."""

    title: str
    width: int
    height: int
    shapes: Sequence[Box | Words]


def svg_of(picture: Picture) -> str:
    """The picture as SVG, without anything that it would have to be fetched with."""
    wide, tall, title = picture.width, picture.height, escape(picture.title)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}" '
        f'font-family="{FONT}" role="img" aria-label="{title}"><title>{title}</title>'
    )
    paper = Box(0, 0, wide, tall, PAPER)
    return head + "".join(_spelled(shape) for shape in (paper, *picture.shapes)) + "</svg>"


def _spelled(shape: Box | Words) -> str:
    if isinstance(shape, Box):
        place = f'x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}"'
        return f'<rect {place} fill="{shape.colour}"/>'
    weight = ' font-weight="bold"' if shape.bold else ""
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size}" fill="{shape.colour}" '
        f'text-anchor="{shape.anchor}"{weight}>{escape(shape.text)}</text>'
    )
