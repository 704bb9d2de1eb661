"""Films without what reveals a place or a device: MP4, MOV and 3GP, whose boxes are emptied where they stand.

ISO/IEC 14496-12: a box is four bytes of length, four of type, and its content. A box that becomes `free` is passed over
by every player, and because nothing moves, the places of pictures and sound in the file stay true. A track of metadata
(positions as they change, in the film's own data) cannot be emptied so: such a film is not clean.
"""

from __future__ import annotations

from collections.abc import Iterator

FILMS = frozenset({"video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2", "audio/mp4", "audio/m4a"})

_HEAD = 8
_WIDE_HEAD = 16
_HOLDS = frozenset({b"moov", b"trak", b"mdia", b"minf"})
_TELLS = frozenset({b"udta", b"meta", b"uuid"})  # place, maker and model; XMP
_HANDLER_AT = 8
"""In `hdlr`: behind version, flags and four bytes that are zero."""
_OF_METADATA = frozenset({b"meta", b"mdta", b"camm"})


class Unreadable(Exception):
    """The boxes do not fit into one another, or a track of metadata is among them."""


def without_traces(content: bytes) -> bytes:
    """The film as it may travel, as long as it was. Raises Unreadable."""
    film = bytearray(content)
    for kind, start, end in _boxes(content, 0, len(content)):
        if kind in _TELLS:
            length_at = start - (
                _WIDE_HEAD if content[start - _WIDE_HEAD : start - 12] == b"\x00\x00\x00\x01" else _HEAD
            )
            film[length_at + 4 : length_at + 8] = b"free"
            film[start:end] = bytes(end - start)
        elif kind == b"hdlr" and content[start + _HANDLER_AT : start + _HANDLER_AT + 4] in _OF_METADATA:
            raise Unreadable("a track of metadata")
    return bytes(film)


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of the content of each box, from the outside to the inside. Raises Unreadable."""
    while at < end:
        if end - at < _HEAD:
            raise Unreadable("bytes behind the last box")
        length, kind, start = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], at + _HEAD
        if length == 1:
            length, start = int.from_bytes(content[start : start + 8], "big"), at + _WIDE_HEAD
        stop = end if length == 0 else at + length
        if not start <= stop <= end:
            raise Unreadable("a box that is longer than what holds it")
        yield kind, start, stop
        if kind in _HOLDS:
            yield from _boxes(content, start, stop)
        at = stop
