"""Sealing in pieces: AES-256-GCM over chunks whose order and end are authenticated, so that a file needs no memory.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", 2015) with a key of its own for each file, derived from a random salt. A chunk that is missing,
doubled, moved, of another file, or cut off at the end is noticed before any of its bytes is given out.

    version (1) | salt (32) | chunk (65,536 + 16) … | last chunk (0 to 65,536 + 16)
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.errors import Tampered

VERSION = b"\x02"
SALT_BYTES = 32
CHUNK = 65_536
_TAG_BYTES = 16


def sealed_pieces(key: bytes, context: bytes, salt: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed form of what the pieces hold together, in pieces. `salt` must never have been used before."""
    cipher = _cipher(key, salt)
    yield VERSION + salt
    for number, (chunk, last) in enumerate(_told_last(_chunks(pieces))):
        yield cipher.encrypt(_nonce(number, last), chunk, VERSION + context)


def opened_pieces(key: bytes, context: bytes, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """What was sealed, in pieces; `read` stands after the version. Raises Tampered at the first piece that is wrong."""
    cipher = _cipher(key, read(SALT_BYTES))
    chunks = iter(lambda: read(CHUNK + _TAG_BYTES), b"")
    number = -1
    for number, (chunk, last) in enumerate(_told_last(chunks)):
        try:
            yield cipher.decrypt(_nonce(number, last), chunk, VERSION + context)
        except InvalidTag as error:
            raise Tampered("a sealed file was changed, cut off, or belongs to another") from error
    if number < 0:
        raise Tampered("a sealed file was cut off")


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of the one size; at least one, the last may be shorter."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    yield bytes(waiting)


def _told_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for chunk in chunks:
        if before is not None:
            yield before, False
        before = chunk
    if before is not None:
        yield before, True


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hmac.digest(key, b"file" + salt, "sha256"))


def _nonce(number: int, last: bool) -> bytes:
    """The key is this file's alone, so counting is enough. Raises OverflowError after 256 TiB."""
    return bytes(7) + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
