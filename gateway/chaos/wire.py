"""A TCP connection that can be cut: it stands between two programs, and is opened, closed and held from outside."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65536


class Wire:
    """Listens on a port of its own and passes everything on to a server.

    Closed, it refuses whoever connects and drops who is connected. Held, it passes on what is said to the server, and
    keeps back what the server says. `lose` names what the server will do, but never get to answer.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._held = asyncio.Event()
        self._held.set()
        self._losing: tuple[bytes, int] = (b"", 0)
        self.lost = 0
        self._listener: asyncio.Server | None = None
        self._bound: socket.socket | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._bind()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self._bound is not None:
            self._bound.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def open(self) -> None:
        """Let connections through."""
        if self._listener is None:
            self._listener = await asyncio.start_server(self._accept, sock=self._bound)
            self._bound = None

    def close(self) -> None:
        """Drop every connection, and refuse new ones."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            self._bind()
        for end in self._ends:
            end.transport.abort()

    def hold(self) -> None:
        """Keep back what the server says."""
        self._held.clear()

    def release(self) -> None:
        """Pass on what was kept back, and go on."""
        self._held.set()

    def lose(self, said: bytes, times: int) -> None:
        """Pass on what is said so to the server, so many times, and cut the connection when it answers."""
        self._losing = (said, times)

    def instead_of(self, url: str) -> str:
        """An address of the server, leading through here."""
        parts = urlsplit(url)
        user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        return urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{self.port}"))

    def _bind(self) -> None:
        """Hold the port without listening: whoever connects is refused by the system."""
        self._bound = socket.socket()
        self._bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._bound.bind(("127.0.0.1", self.port))
        self.port = self._bound.getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._server)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._ends |= ends
        doomed = asyncio.Event()
        for passing in (self._tell(reader, far_writer, doomed), self._answer(far_reader, writer, doomed)):
            task = asyncio.create_task(passing)
            self._tasks.add(task)
            task.add_done_callback(partial(self._ended, ends))

    def _ended(self, ends: set[asyncio.StreamWriter], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ends.difference_update(ends)

    async def _tell(self, source: asyncio.StreamReader, server: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
        with suppress(OSError):
            while said := await source.read(_CHUNK):
                what, times = self._losing
                if times and what in said:
                    self._losing = (what, times - 1)
                    doomed.set()
                server.write(said)
                await server.drain()
        server.close()

    async def _answer(self, server: asyncio.StreamReader, target: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
        with suppress(OSError):
            while said := await server.read(_CHUNK):
                await self._held.wait()
                if doomed.is_set():
                    self.lost += 1
                    target.transport.abort()
                    return
                target.write(said)
                await target.drain()
        target.close()


@asynccontextmanager
async def wire_to(url: str, standard_port: int) -> AsyncIterator[Wire]:
    """An open wire to the server at an address."""
    parts = urlsplit(url)
    async with Wire(parts.hostname or "127.0.0.1", parts.port or standard_port) as made:
        await made.open()
        yield made
