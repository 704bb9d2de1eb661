"""Files that are given in pieces, for tests that look at the whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

from adapters.contract import Call, Reply
from adapters.http import Sink


class Basket:
    """Takes pieces; `content` is what they make together."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    async def take(self, piece: bytes) -> None:
        self.pieces.append(piece)

    @property
    def content(self) -> bytes:
        return b"".join(self.pieces)


async def collected(give: Callable[..., Awaitable[None]], *given: Any) -> bytes:
    """All that is given, by something that takes `take` as the last of its arguments."""
    basket = Basket()
    await give(*given, basket.take)
    return basket.content


async def in_pieces(content: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    """A file in pieces."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


class Script:
    """Answers each call with the next reply, and remembers the calls. A body goes to the sink, if that wants it."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.calls: list[Call] = []

    async def send(self, call: Call, sink: Sink | None = None) -> Reply:
        self.calls.append(call)
        reply = self._replies.pop(0)
        if sink is None or reply.fault is not None or not sink.wants(reply.status, reply.headers):
            return reply
        async for piece in in_pieces(reply.body):
            await sink.take(piece)
        return replace(reply, body=b"")

    @property
    def seen(self) -> list[tuple[str, str]]:
        """Each address with the credentials that it was given."""
        return [(call.url, dict(call.headers).get("Authorization", "")) for call in self.calls]
