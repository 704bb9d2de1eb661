"""WhatsApp's Cloud API of the demonstration: photos that nobody took, and what reporters are told."""

from __future__ import annotations

import hashlib
import struct
import zlib

from adapters.answering.simulator import SimulatedVendors
from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest

_WIDTH, _HEIGHT = 64, 48


def photo(identity: str) -> bytes:
    """A small PNG in colours of its own; the same id gives the same picture."""
    shade = hashlib.sha256(identity.encode()).digest()
    row = b"\0" + b"".join(bytes(shade[(x // 8) % 8 * 3 : (x // 8) % 8 * 3 + 3]) for x in range(_WIDTH))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(row * _HEIGHT)) + _chunk(b"IEND")
    )


class MediaServer:
    """Answers as the Graph API does: a media id gives an address and a digest, the address gives the bytes.

    Messages to reporters are taken as the simulated vendor takes them, into the book.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._vendor = SimulatedVendors()

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        """GET `/…/<media id>` describes the photo, GET `/files/<media id>` is the photo; a POST is a message."""
        if request.method == "POST":
            return self._vendor.take(request, book)
        folder, _, identity = request.path.rpartition("/")
        content = photo(identity)
        if folder.endswith("/files"):
            return SimulatedAnswer(200, {"content-type": "image/png"}, content)
        description = {
            "messaging_product": "whatsapp",
            "url": f"{self._address}/files/{identity}",
            "mime_type": "image/png",
            "sha256": hashlib.sha256(content).hexdigest(),
            "file_size": len(content),
            "id": identity,
        }
        return SimulatedAnswer.of_json(description)


def _chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
