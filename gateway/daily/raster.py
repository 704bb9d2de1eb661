"""A picture as PNG, for letters and messages that take no SVG."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from gateway.daily.drawing import PAPER, Box, Picture, Words

_SCALE = 3
"""Dots of the PNG for each pixel: 2,160 across a page of A4 are some 300 to the inch."""
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
_BOLD = 0.4
"""How much thicker, in pixels: the font that comes along has one weight."""


def png_of(picture: Picture) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", (picture.width * _SCALE, picture.height * _SCALE), PAPER)
    pen = ImageDraw.Draw(image)
    for shape in picture.shapes:
        if isinstance(shape, Box):
            left, top = shape.x * _SCALE, shape.y * _SCALE
            right, bottom = left + shape.width * _SCALE - 1, top + shape.height * _SCALE - 1
            pen.rectangle((left, top, max(right, left), max(bottom, top)), shape.colour)
        else:
            _write(pen, shape)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _write(pen: ImageDraw.ImageDraw, words: Words) -> None:
    font = ImageFont.load_default(words.size * _SCALE)
    thicker = _BOLD * _SCALE if words.bold else 0
    at = words.x * _SCALE, words.y * _SCALE
    pen.text(at, words.text, words.colour, font, _ANCHORS[words.anchor], stroke_width=thicker)
