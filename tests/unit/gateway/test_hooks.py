"""A hook is told in plain words, signed, and only at an address that it may have."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from standardwebhooks import Webhook

from gateway.alerts.conditions import Kind
from gateway.alerts.lasting import Alert, State
from gateway.hooks import deliver, event_of, resealed_hook
from gateway.keyring import make_key_ring
from gateway.operations.hooks import make_hook
from gateway.vault import Vault
from schemas.errors import Invalid

NOW = datetime.now(UTC)
ALERT = Alert(UUID(int=7), Kind.DISK, "files", State.RAISED, NOW, NOW, {"free_mib": 3}, NOW)
BODY = orjson.dumps(event_of(ALERT)).decode()


@pytest.fixture
def vault() -> Vault:
    return Vault(make_key_ring(os.urandom))


async def posted(vault: Vault, status: str) -> tuple[str | None, bytes, str]:
    """What came of a delivery to a server that answers so, what it was sent, and the secret."""
    got = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.extend(await reader.readuntil(b"\r\n\r\n"))
        got.extend(await reader.readexactly(len(BODY.encode())))
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        hook, secret = make_hook(vault, None, f"http://127.0.0.1:{port}/siaga", None, NOW, private=True)
        reason = await deliver(vault, resealed_hook(vault, hook), ALERT.id, BODY, datetime.now(UTC))
    return reason, bytes(got), secret


async def test_an_event_is_signed_over_its_bytes(vault: Vault) -> None:
    reason, got, secret = await posted(vault, "204 No Content")
    head, _, body = got.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().split("\r\n")[1:])
    told = Webhook(secret).verify(body, {name.lower(): value for name, _, value in lines})
    assert (reason, told["type"], told["data"]["grave"]) == (None, "alert.raised", True)
    assert told["data"]["title"]["en"] == "Only 3 MiB are free in files"


async def test_a_hook_that_refuses_is_tried_again(vault: Vault) -> None:
    assert (await posted(vault, "500 Oops"))[0] == "http_500"


async def test_an_inside_address_is_refused_unless_it_is_meant(vault: Vault) -> None:
    hook, _ = make_hook(vault, "siaga", "https://127.0.0.1:9/x", None, NOW, private=False)
    assert await deliver(vault, hook, ALERT.id, BODY, NOW) == "address_blocked"


@pytest.mark.parametrize(
    ("name", "url", "secret"),
    [
        (None, "ftp://siaga.example", None),
        (None, "http://siaga.example", None),
        (None, "https://u:p@siaga.example", None),
        ("Siaga Satu", "https://siaga.example", None),
        (None, "https://siaga.example", "whsec_pendek"),
    ],
)
def test_what_cannot_be_a_hook_is_refused(vault: Vault, name: str | None, url: str, secret: str | None) -> None:
    with pytest.raises(Invalid):
        make_hook(vault, name, url, secret, NOW, private=False)
