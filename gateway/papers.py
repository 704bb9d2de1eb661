"""PDF without what reveals its author, device or place: strings and packets are blanked where they stand.

ISO 32000-1, 7.3 and 14.3: the document information dictionary holds strings, XMP lies in packets of its own, and a
photo inside may hold Exif. Blanks of the same length leave every offset true. A document that is signed must not be
changed, one that is encrypted or packs its dictionaries into streams cannot be looked into: that is told.
"""

from __future__ import annotations

import re

_INFO = re.compile(rb"/Info\s+(\d{1,10})\s+(\d{1,5})\s+R\b")
_STRING = re.compile(rb"\((?:\\.|[^\\()]){0,2000}\)|<[0-9A-Fa-f\s]{0,4000}>(?!>)", re.DOTALL)
_TELLING = re.compile(rb"/(?:Author|Creator|Producer|Title|Subject|Keywords|Company|Manager)\s*(?=[(<])")
_XMP = re.compile(rb"<\?xpacket begin=.{0,200}?\?>(.*?)<\?xpacket end=", re.DOTALL)
_EXIF = re.compile(rb"\xff\xd8(?:\xff[\xe0-\xef].{2}.{0,64}?)??\xff\xe1(..)Exif\x00\x00", re.DOTALL)
_SEALED = (b"/ByteRange", b"/Encrypt")
_PACKED = b"/ObjStm"
_BEHIND_LENGTH = 2


def without_traces(content: bytes) -> tuple[bytes, bool]:
    """The document as it may travel, as long as it was, and whether all that it tells could be looked at."""
    if any(mark in content for mark in _SEALED):
        return content, False
    paper = bytearray(content)
    found = [_object_of(content, match) for match in _INFO.finditer(content)]
    for start, end in (place for place in found if place is not None):
        for name in _TELLING.finditer(content, start, end):
            _blank_string(paper, content, name.end())
    for packet in _XMP.finditer(content):
        paper[packet.start(1) : packet.end(1)] = b" " * (packet.end(1) - packet.start(1))
    for photo in _EXIF.finditer(content):
        length = int.from_bytes(photo.group(1), "big")
        end = min(photo.start(1) + length, len(content))
        paper[photo.start(1) + _BEHIND_LENGTH : end] = bytes(max(end - photo.start(1) - _BEHIND_LENGTH, 0))
    return bytes(paper), None not in found and _PACKED not in content


def _object_of(content: bytes, info: re.Match[bytes]) -> tuple[int, int] | None:
    """Where the last object of that number begins and ends: a document that was saved again has it twice."""
    heads = list(re.finditer(rb"(?<!\d)%s\s+%s\s+obj\b" % info.groups(), content))
    if not heads:
        return None
    end = content.find(b"endobj", heads[-1].end())
    return heads[-1].end(), end if end >= 0 else len(content)


def _blank_string(paper: bytearray, content: bytes, at: int) -> None:
    string = _STRING.match(content, at)
    if string is not None:
        blank = b" " if string.group()[:1] == b"(" else b"0"
        inside = string.end() - string.start() - 2
        paper[string.start() + 1 : string.end() - 1] = blank * inside
