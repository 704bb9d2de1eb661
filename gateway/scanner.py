"""The malware scanner: ClamAV's daemon, asked over its own protocol.

`INSTREAM` of clamd(8): chunks of a length in four bytes and that many bytes, ended by a length of zero; commands begin
with `z` and end with a zero byte, and so do the answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

_ANSWER_LIMIT = 4096
_NO_ANSWER = (OSError, TimeoutError, EOFError, ValueError, asyncio.LimitOverrunError)
_PORT = 3310


class ScanState(StrEnum):
    """How a file stands with the scanner."""

    CLEAN = "clean"
    """Looked at, nothing was found."""
    INFECTED = "infected"
    """Something was found; it never travels."""
    OFF = "off"
    """Not looked at: no scanner is set."""
    DOWN = "down"
    """Not looked at: the scanner could not be reached, or did not answer as it should."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner said. `found` is its name of what was found, or why it said nothing."""

    state: ScanState
    found: str = ""


@dataclass(frozen=True, slots=True)
class Scanner:
    """A clamd at `tcp://host:port` or `unix:///path`; None: there is none. `seconds` bound one whole scan."""

    address: str | None = None
    seconds: float = 60.0

    @property
    def is_on(self) -> bool:
        """Whether there is one."""
        return self.address is not None

    async def scan(self, pieces: AsyncIterator[bytes]) -> Scan:
        """Look at a file, which comes in pieces. Never raises for what the scanner or the network does."""
        if self.address is None:
            return Scan(ScanState.OFF)
        try:
            async with asyncio.timeout(self.seconds), _connected(self.address) as (reader, writer):
                return _understood(await _instream(reader, writer, pieces))
        except _NO_ANSWER as error:
            return Scan(ScanState.DOWN, type(error).__name__)

    async def version(self) -> str | None:
        """The scanner and its signatures in one line, None when it does not answer."""
        try:
            async with asyncio.timeout(self.seconds), _connected(self.address or "") as (reader, writer):
                writer.write(b"zVERSION\0")
                return await _answer(reader)
        except _NO_ANSWER:
            return None


@asynccontextmanager
async def _connected(address: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        reader, writer = await asyncio.open_unix_connection(parts.path, limit=_ANSWER_LIMIT)
    else:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or _PORT, limit=_ANSWER_LIMIT)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _instream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pieces: AsyncIterator[bytes]) -> str:
    """The answer. One that comes before the end (too large, out of memory) is read although sending broke off."""
    try:
        writer.write(b"zINSTREAM\0")
        async for piece in pieces:
            if piece:  # a length of zero would end the file
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
    except ConnectionError:
        return await _answer(reader)
    return await _answer(reader)


async def _answer(reader: asyncio.StreamReader) -> str:
    raw = await reader.readuntil(b"\0")
    return raw.rstrip(b"\0\r\n").decode("utf-8", "replace")


def _understood(answer: str) -> Scan:
    """`stream: OK`, `stream: <name> FOUND`, or anything else, which is no verdict."""
    if answer == "stream: OK":
        return Scan(ScanState.CLEAN)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Scan(ScanState.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND")[:100])
    return Scan(ScanState.DOWN, answer[:100])
