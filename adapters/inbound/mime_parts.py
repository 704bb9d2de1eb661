"""A message taken apart (RFC 2045, RFC 2046): each part with its headers, within limits that no message exceeds.

Every step looks at each byte a few times at most: mail comes from anybody.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from email.utils import collapse_rfc2231_value

from adapters.inbound.charsets import base64_bytes, text_of_bytes, unencoded

MOST_PARTS = 300
DEEPEST = 12
_MOST_FALSE = 10_000
HEAD_LIMIT = 100_000
_HEADER_LIMIT = 4000
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_NAME = re.compile(r"[!-9;-~]{1,80}")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(frozen=True, slots=True)
class Part:
    """One part. Header names are in lower case, the first of each counts; `body` is as it came, `parts` what is in it.

    `cut`: there was more than the limits let in.
    """

    headers: Mapping[str, str]
    media_type: str
    body: bytes
    parts: tuple[Part, ...] = ()
    cut: bool = False

    def content(self) -> bytes:
        """The bytes of the part, its transfer encoding undone."""
        encoding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding == "base64":
            return base64_bytes(self.body)
        return quopri.decodestring(self.body) if encoding == "quoted-printable" else self.body

    def parameter(self, name: str, header: str = "content-type") -> str:
        """A parameter of a header (RFC 2045, RFC 2231), words in it read; empty when there is none."""
        bare = Message()
        bare[header] = self.headers.get(header, "")
        value = bare.get_param(name, "", header=header)
        return unencoded(collapse_rfc2231_value(value)).strip() if value else ""

    def walk(self) -> Iterator[Part]:
        """This part and all within it, in the order of the message."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class _Span:
    """Where something stands in the whole message: nothing is copied until it is a part of its own."""

    raw: bytes
    start: int
    end: int

    def bytes(self) -> bytes:
        return self.raw[self.start : self.end]


@dataclass(slots=True)
class _Allowance:
    left: int = MOST_PARTS


def take_apart(raw: bytes) -> Part:
    """The message as a part with parts. Never raises."""
    return _part(_Span(raw, 0, len(raw)), _Allowance(), 0)


def headers_and_body(raw: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """Every header in order, unfolded, names in lower case; and what stands below them."""
    headers, body = _head(_Span(raw, 0, len(raw)))
    return headers, body.bytes()


def _head(span: _Span) -> tuple[list[tuple[str, str]], _Span]:
    if span.raw.startswith((b"\n", b"\r\n"), span.start, span.end):
        begin = span.start + (1 if span.raw[span.start] == ord("\n") else 2)
        return [], _Span(span.raw, begin, span.end)
    end = _HEAD_END.search(span.raw, span.start, span.end)
    stop, begin = (end.start(), end.end()) if end else (span.end, span.end)
    text = _FOLD.sub(" ", text_of_bytes(span.raw[span.start : min(stop, span.start + HEAD_LIMIT)], ""))
    found = []
    for line in _LINE_END.split(text):
        name, colon, value = line.partition(":")
        if colon and _NAME.fullmatch(name.rstrip()):
            found.append((name.rstrip().lower(), value.strip()[:_HEADER_LIMIT]))
    return found, _Span(span.raw, begin if found else span.start, span.end)


def _part(span: _Span, allowance: _Allowance, depth: int) -> Part:
    allowance.left -= 1
    listed, below = _head(span)
    headers: dict[str, str] = {}
    for name, value in listed:
        headers.setdefault(name, value)
    bare = Part(headers, _media_type(headers), b"")
    holds_parts = bare.media_type.startswith("multipart/") or bare.media_type == "message/rfc822"
    if holds_parts and depth < DEEPEST:
        inside = _inside(bare, below)
        parts = tuple(_part(one, allowance, depth + 1) for one in inside if allowance.left > 0)
        if parts:
            return replace(bare, parts=parts, cut=allowance.left <= 0)
    return replace(bare, body=below.bytes(), cut=holds_parts and (depth >= DEEPEST or allowance.left <= 0))


def _inside(part: Part, below: _Span) -> Iterator[_Span]:
    if part.media_type != "message/rfc822":
        yield from _pieces(below, part.parameter("boundary"))
        return
    whole = replace(part, body=below.bytes()).content()
    yield _Span(whole, 0, len(whole))


def _media_type(headers: Mapping[str, str]) -> str:
    """RFC 2045, 5.2: what is not said, or wrongly, is plain text."""
    given = headers.get("content-type", "").partition(";")[0].strip().lower()
    return given if _MEDIA_TYPE.fullmatch(given) else "text/plain"


def _pieces(below: _Span, boundary: str) -> Iterator[_Span]:
    """What stands between the delimiters; the last piece may lack its own when the message broke off."""
    if not boundary:
        return
    raw, delimiter = below.raw, b"--" + boundary.encode("utf-8", "replace")
    at = _next(below, delimiter, below.start)
    while at >= 0:
        begin = raw.find(b"\n", at + len(delimiter), below.end) + 1
        if not begin or raw.startswith(b"--", at + len(delimiter), below.end):
            return
        at = _next(below, delimiter, begin)
        yield _Span(raw, begin, _without_line_end(raw, begin, at) if at >= 0 else below.end)


def _next(below: _Span, delimiter: bytes, start: int) -> int:
    """Where the next delimiter stands, at the beginning of a line; -1 when there is none.

    A longer line that only begins like it is none (RFC 2046, 5.1.1); with too many such lines it is given up.
    """
    raw = below.raw
    at = start if raw.startswith(delimiter, start, below.end) else _line(raw, delimiter, start, below.end)
    for _ in range(_MOST_FALSE):
        if at < 0:
            break
        after = raw[at + len(delimiter) : min(at + len(delimiter) + 2, below.end)]
        if after == b"--" or after[:1] in (b"", b"\r", b"\n", b" ", b"\t"):
            return at
        at = _line(raw, delimiter, at, below.end)
    return -1


def _line(raw: bytes, delimiter: bytes, start: int, end: int) -> int:
    found = raw.find(b"\n" + delimiter, start, end)
    return found + 1 if found >= 0 else -1


def _without_line_end(raw: bytes, begin: int, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    for line_end in (b"\r\n", b"\n"):
        if raw.endswith(line_end, begin, end):
            return end - len(line_end)
    return end
