"""The photos that nobody took: real pictures, handed out as WhatsApp hands out media."""

from __future__ import annotations

import hashlib
import struct
import zlib

from adapters.channels import CHANNELS
from adapters.simulator import Book, Simulator
from gateway.demo.photos import MediaServer, photo
from schemas.report import Attachment
from tests.fakes.pouring import collected


def test_a_photo_is_a_whole_png() -> None:
    content = photo("demo-015-photo")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    at, kinds = 8, []
    while at < len(content):
        [size] = struct.unpack(">I", content[at : at + 4])
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        assert struct.unpack(">I", content[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + data),)
        kinds.append(kind)
        at += 12 + size
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_the_same_id_gives_the_same_picture_and_another_another() -> None:
    assert photo("a") == photo("a") != photo("b")


async def test_the_whatsapp_adapter_fetches_it_as_it_fetches_from_meta() -> None:
    server = Simulator(MediaServer("http://127.0.0.1:1"), book=Book())
    await server.start()
    server.app = MediaServer(server.url)
    digest = hashlib.sha256(photo("demo-1-photo")).hexdigest()
    attachment = Attachment(name="foto.png", source="demo-1-photo", sha256=digest)
    options = {"graph_url": server.url, "private_hosts": ["127.0.0.1"]}
    try:
        content = await collected(
            CHANNELS["whatsapp"].fetch, attachment, {"access_token": "demo-access-token"}, options
        )
    finally:
        await server.stop()
    assert content == photo("demo-1-photo")
