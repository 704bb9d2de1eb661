"""Content codings of replies (RFC 9110, section 8.4.1), undone within a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

_PIECE = 65_536
_WINDOWS: dict[str, tuple[int, ...]] = {
    "gzip": (31,),
    "x-gzip": (31,),
    "deflate": (15, -15),  # RFC 9110 means zlib's format, some servers send it bare
}


def unpacked(body: bytes, headers: Mapping[str, str], limit: int) -> tuple[bytes, bool]:
    """The body without its content coding, capped, and whether that is all of it.

    A bomb is unpacked to the cap and no further. What cannot be unpacked stays as it is and is not whole.
    """
    coding = _coding(headers)
    if not coding or not body:
        return body, True
    for windows in _WINDOWS.get(coding, ()):
        unpacker = zlib.decompressobj(windows)
        try:
            found = unpacker.decompress(body, limit)
        except zlib.error:
            continue
        return found, unpacker.eof
    return body, False


class Unpacking:
    """The same of a body that comes in pieces: none that it gives is large, however much its coding hides."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._coding = _coding(headers)
        self._begun = b""
        self._unpacker: zlib._Decompress | None = None
        self._is_broken = bool(self._coding) and self._coding not in _WINDOWS

    @property
    def is_whole(self) -> bool:
        """Whether what was given is all, once the last piece is in."""
        if not self._coding:
            return True
        if self._unpacker is None:
            return not self._begun and not self._is_broken  # nothing came: an empty body has no coding
        return self._unpacker.eof and not self._is_broken

    def pieces(self, packed: bytes) -> Iterator[bytes]:
        """What this piece holds. Nothing comes any more once something could not be unpacked."""
        if not self._coding:
            yield packed
            return
        packed = self._beginning(packed)
        while packed and self._unpacker is not None and not (self._unpacker.eof or self._is_broken):
            try:
                found = self._unpacker.decompress(packed, _PIECE)
            except zlib.error:
                self._is_broken = True
                return
            packed = self._unpacker.unconsumed_tail
            if found:
                yield found

    def _beginning(self, packed: bytes) -> bytes:
        """What is to be unpacked now: two bytes tell which of its formats a coding has."""
        if self._unpacker is not None or self._is_broken:
            return packed
        self._begun += packed
        if len(self._begun) < 2:
            return b""
        windows = _WINDOWS[self._coding]
        is_zlib = self._begun[0] & 15 == zlib.DEFLATED and int.from_bytes(self._begun[:2], "big") % 31 == 0
        self._unpacker = zlib.decompressobj(windows[0 if is_zlib or len(windows) == 1 else 1])
        return self._begun


def _coding(headers: Mapping[str, str]) -> str:
    coding = headers.get("content-encoding", "").strip().lower()
    return "" if coding == "identity" else coding
