"""A simulated Graph API of Instagram, over real HTTP: it answers for mentions as it is told."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any
from urllib.parse import unquote

import orjson

ACCOUNT, COMMENT, POST = "17841405309211844", "17894227972186120", "17918195224117851"


class InstagramGraph:
    """`says` are its next answers, a status and a document each; the last stays. `asked` are the paths asked for."""

    def __init__(self, *says: tuple[int, Any]) -> None:
        self.says = list(says)
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.port = 0

    async def __aenter__(self) -> InstagramGraph:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except asyncio.IncompleteReadError:
            writer.close()
            return
        lines = head.split("\r\n")
        self.asked.append(unquote(lines[0].split()[1]))
        self.tokens |= {line.partition(": ")[2] for line in lines if line.lower().startswith("authorization:")}
        status, document = self.says[0] if len(self.says) == 1 else self.says.pop(0)
        body = document if isinstance(document, bytes) else orjson.dumps(document)
        writer.write(
            b"HTTP/1.1 %d Told\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body)) + body
        )
        await writer.drain()
        writer.close()


def comment(text: str = "") -> dict[str, Any]:
    """What is told of a comment that mentions the account."""
    told = {"id": COMMENT, "text": text, "timestamp": "2026-03-02T08:15:30+0000"}
    return {"mentioned_comment": told, "id": ACCOUNT}


def post(caption: str = "", **more: Any) -> dict[str, Any]:
    """What is told of a post whose caption mentions the account."""
    told = {"id": POST, "caption": caption, "username": "warga_contoh", "timestamp": "2026-03-02T08:15:30+0000"}
    return {"mentioned_media": told | more, "id": ACCOUNT}


def delivery(**value: str) -> dict[str, Any]:
    """The webhook of a mention."""
    changes = [{"field": "mentions", "value": value}]
    return {"object": "instagram", "entry": [{"id": ACCOUNT, "time": 1772439330, "changes": changes}]}
