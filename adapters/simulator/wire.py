"""One connection of a simulator: whole requests out of its bytes, and answers whole or in pieces."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from http import HTTPStatus

import h11

from adapters.simulator.exchange import SimulatedAnswer

_CHUNK = 65536
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""Linger for no time: closing sends RST instead of FIN (SO_LINGER, socket(7))."""


class Wire:
    """Reads requests with h11 and writes raw bytes, because a misbehaving answer must be able to break every rule."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, saw: Callable[[int], None] = lambda _: None
    ) -> None:
        """`saw` is told how many bytes came, as they come."""
        self._reader = reader
        self._writer = writer
        self._saw = saw
        self._parser = h11.Connection(h11.SERVER)
        self.idle = True
        """Between two requests."""

    @property
    def client(self) -> str | None:
        """The common name of the peer's certificate; None when it showed none."""
        certificate = self._writer.get_extra_info("peercert") or {}
        names = (pair for part in certificate.get("subject", ()) for pair in part)
        return next((value for name, value in names if name == "commonName"), None)

    async def head(self) -> h11.Request | None:
        """The head of the next request; None when the peer left. Raises h11.RemoteProtocolError for other than HTTP."""
        left = self._parser.trailing_data[0] if self._parser.our_state is not h11.IDLE else b""
        self._parser = h11.Connection(h11.SERVER)
        self.idle = not left
        if left:
            self._parser.receive_data(left)
        event = await self._event()
        return event if isinstance(event, h11.Request) else None

    async def body(self) -> bytes:
        """The rest of the request. Raises ConnectionError when the peer left in the middle."""
        if self._parser.they_are_waiting_for_100_continue:
            await self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        parts = []
        while isinstance(event := await self._event(), h11.Data):
            parts.append(bytes(event.data))
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionResetError("the peer left in the middle of its request")
        return b"".join(parts)

    async def _event(self) -> object:
        while (event := self._parser.next_event()) is h11.NEED_DATA:
            data = await self._reader.read(_CHUNK)
            self.idle = False
            self._saw(len(data))
            self._parser.receive_data(data)
        return event

    async def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()

    def reset(self) -> None:
        """End the connection with RST, so that the peer sees it torn, not closed."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.abort()

    def abort(self) -> None:
        """End the connection at once, whatever was still to be sent."""
        self._writer.transport.abort()

    async def hold(self, seconds: float = 0.0) -> None:
        """Keep the connection open in silence until the peer leaves, or for so many seconds if not 0."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds or None):
                while await self._reader.read(_CHUNK):
                    pass

    def close(self) -> None:
        """End the connection in order."""
        self._writer.close()


def head_of(answer: SimulatedAnswer, length: int, *, close: bool = False) -> bytes:
    """The head of an answer whose body is promised to be so long."""
    lines = [f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Unnamed')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    lines.append(f"content-length: {length}")
    if close:
        lines.append("connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
