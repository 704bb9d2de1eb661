"""A file on its way from the event loop to storage: in pieces of which few are in memory, measured as they pass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from queue import SimpleQueue
from typing import TypeVar

from adapters.contract import Take
from schemas.errors import TooLarge

V = TypeVar("V")

HEAD = 8192
"""Bytes of a file's beginning that are kept to tell its type by."""

_ON_THE_WAY = 4


class Measured:
    """Passes pieces on. `size`, `sha256` and `head` are of what came so far."""

    def __init__(self, most_bytes: int, take: Take) -> None:
        self._most_bytes, self._take = most_bytes, take
        self._hash = sha256()
        self.size = 0
        self.head = b""

    @property
    def sha256(self) -> str:
        """In hexadecimal."""
        return self._hash.hexdigest()

    async def take(self, piece: bytes) -> None:
        """Pass a piece on. Raises TooLarge for the first that is too much, and what taking it raises."""
        self.size += len(piece)
        if self.size > self._most_bytes:
            raise TooLarge(f"the file is larger than {self._most_bytes} bytes")
        self._hash.update(piece)
        if len(self.head) < HEAD:
            self.head += piece[: HEAD - len(self.head)]
        await self._take(piece)


def measured(pieces: Iterable[bytes]) -> tuple[str, int]:
    """The SHA-256 in hexadecimal, and the size, of what comes in pieces."""
    found, size = sha256(), 0
    for piece in pieces:
        found.update(piece)
        size += len(piece)
    return found.hexdigest(), size


class _Stopped(Exception):
    """Whoever took the pieces takes no more."""


class _Pipe:
    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(_ON_THE_WAY)
        self._pieces: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
        self._stopped = False

    async def take(self, piece: bytes) -> None:
        await self._room.acquire()
        if self._stopped:
            raise _Stopped
        self._pieces.put(piece)

    def end(self, error: BaseException | None = None) -> None:
        self._pieces.put(error)

    def stop(self) -> None:
        self._stopped = True
        self._room.release()

    def __iter__(self) -> Iterator[bytes]:
        """In the thread."""
        while (piece := self._pieces.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            self._loop.call_soon_threadsafe(self._room.release)
            yield piece


async def poured(
    give: Callable[[Take], Awaitable[None]], keep: Callable[[Iterable[bytes]], V], most_bytes: int
) -> tuple[V, Measured]:
    """What `keep` makes, in a thread, of the pieces that `give` gives, and their measure.

    Raises TooLarge when they are more than `most_bytes`, and what `give` and `keep` raise. When `give` breaks off, so
    does what `keep` reads, which must then keep nothing.
    """
    pipe = _Pipe()
    told = Measured(most_bytes, pipe.take)
    keeping = asyncio.create_task(asyncio.to_thread(keep, pipe))
    keeping.add_done_callback(lambda _: pipe.stop())
    try:
        await give(told.take)
        pipe.end()
    except _Stopped:
        pass  # why, `keep` says
    except BaseException:
        pipe.end(_Stopped())
        with suppress(Exception):
            await keeping
        raise
    return await keeping, told
