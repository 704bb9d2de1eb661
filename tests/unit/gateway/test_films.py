"""A film travels without what it tells of place and device, and plays as before: no byte moves."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.films import Unreadable, without_traces

PLACE = b"\xa9xyz" + b"+06.9147+107.6098/"


def box(kind: bytes, content: bytes = b"") -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def wide(kind: bytes, content: bytes) -> bytes:
    return (1).to_bytes(4, "big") + kind + (16 + len(content)).to_bytes(8, "big") + content


def handler(kind: bytes) -> bytes:
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + kind + bytes(12))))


def film(*more: bytes) -> bytes:
    moov = box(b"moov", box(b"mvhd", b"head") + box(b"udta", PLACE) + handler(b"vide") + b"".join(more))
    return box(b"ftyp", b"mp42") + moov + wide(b"uuid", b"Xmp of a phone") + box(b"mdat", b"pictures and sound")


def test_place_and_device_are_gone_and_everything_else_stands_where_it_stood() -> None:
    made = without_traces(film())
    assert len(made) == len(film())
    assert (b"6.9147" in made, b"phone" in made, b"udta" in made, b"uuid" in made) == (False,) * 4
    assert made.find(b"pictures and sound") == film().find(b"pictures and sound")
    assert made.count(b"free") == 2


def test_cleaning_again_changes_nothing() -> None:
    assert without_traces(without_traces(film())) == without_traces(film())


def test_a_box_to_the_end_of_the_file_is_read() -> None:
    assert without_traces(film() + b"\x00\x00\x00\x00meta" + PLACE).endswith(bytes(len(PLACE)))


@pytest.mark.parametrize(
    "content",
    [
        film(handler(b"meta")),
        film(handler(b"camm")),
        film() + b"\x00\x00",
        film()[:-3],
        b"\x00\x00\x00\x04ftyp",
        b"\x00" * 7,
    ],
    ids=["metadata track", "camera motion", "rest", "cut", "too short", "no box"],
)
def test_what_cannot_be_cleaned_is_said(content: bytes) -> None:
    with pytest.raises(Unreadable):
        without_traces(content)


@given(st.binary(max_size=80))
def test_no_bytes_break_it(content: bytes) -> None:
    with suppress(Unreadable):
        assert len(without_traces(content)) == len(content)
