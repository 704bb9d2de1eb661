"""The two destinations: a process that takes whatever is posted, as cheaply as Python can, and notes what came when.

`python -m benchmarks.sink` prints its ports as JSON: one for each destination, then one on which it is asked.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable

import uvloop

from benchmarks.bodies import MARK

DESTINATIONS = 2
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_BODY = b'{"receipt": {"reference": "KEM-2026-000123"}}'
_ANSWER = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nConnection: keep-alive\r\n\r\n%b" % (len(_BODY), _BODY)
)


class Book:
    """What came: for each report the time at which each destination had it first, and how often one came again."""

    def __init__(self) -> None:
        self.first: dict[int, dict[int, float]] = {}
        self.count = 0
        self.again = 0

    def take(self, destination: int, number: int) -> None:
        """Note a report. The clock is the machine's, shared by all its processes."""
        times = self.first.setdefault(number, {})
        if destination in times:
            self.again += 1
            return
        times[destination] = time.monotonic()
        self.count += 1

    def answer(self, question: bytes) -> str:
        """What the harness asks: how many, or everything; `forget` begins anew."""
        if question == b"count":
            return str(self.count)
        whole = {number: max(times.values()) for number, times in self.first.items() if len(times) == DESTINATIONS}
        told = json.dumps({"whole": list(whole.items()), "again": self.again, "count": self.count})
        if question == b"forget":
            self.first, self.count, self.again = {}, 0, 0
        return told


class Taking(asyncio.Protocol):
    """One connection of a destination."""

    def __init__(self, destination: int, book: Book) -> None:
        self._destination, self._book, self._buffer = destination, book, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A sender came."""
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer every request that is there as a whole."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            mark = MARK.search(self._buffer, end, whole)
            self._buffer = self._buffer[whole:]
            if mark:
                self._book.take(self._destination, int(mark[1]))
            self._transport.write(_ANSWER)


class Asked(asyncio.Protocol):
    """The harness's own connection: a word a line, an answer a line."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The harness came."""
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer."""
        self._transport.write(self._book.answer(data.strip()).encode() + b"\n")


async def serve() -> None:
    """Listen until killed."""
    book, loop = Book(), asyncio.get_running_loop()

    async def listen(made: Callable[[], asyncio.Protocol]) -> int:
        server = await loop.create_server(made, "127.0.0.1", 0, backlog=1024)
        return int(server.sockets[0].getsockname()[1])

    ports = [await listen(lambda place=place: Taking(place, book)) for place in range(DESTINATIONS)]  # type: ignore[misc]
    print(json.dumps([*ports, await listen(lambda: Asked(book))]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(uvloop.run(serve()))
