"""A small real server that answers as the Graph API and its media do."""

from __future__ import annotations

import asyncio
from types import TracebackType

import orjson

_CHUNK = bytes(64 * 1024)


class GraphServer:
    """`/<id>` names the address of the file, `/file` sends it: `content`, or `size` zeros."""

    def __init__(self, content: bytes, size: int | None = None) -> None:
        self._content = content
        self._size = size
        self._sent = 0
        self._open: set[asyncio.Task[None]] = set()
        self.seen: list[tuple[str, str]] = []
        self.port = 0

    async def __aenter__(self) -> GraphServer:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def sent(self) -> int:
        """The bytes that were sent of the file, once nobody reads any more."""
        await asyncio.gather(*self._open, return_exceptions=True)
        return self._sent

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                line, *fields = head.decode().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
                path = line.split()[1]
                self.seen.append((path, headers.get("authorization", "")))
                await (self._file(writer) if path == "/file" else self._address(writer))
        except ConnectionError:
            return
        finally:
            writer.close()

    async def _address(self, writer: asyncio.StreamWriter) -> None:
        body = orjson.dumps({"url": f"http://127.0.0.1:{self.port}/file", "mime_type": "image/jpeg", "id": "99"})
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    async def _file(self, writer: asyncio.StreamWriter) -> None:
        if self._size is None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(self._content) + self._content)
            return await writer.drain()
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while self._sent < self._size:
            writer.write(b"%x\r\n" % len(_CHUNK) + _CHUNK + b"\r\n")
            await writer.drain()
            self._sent += len(_CHUNK)
        writer.write(b"0\r\n\r\n")
        return None


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return (await reader.readuntil(b"\r\n\r\n"))[:-4]
    except asyncio.IncompleteReadError:
        return b""
