"""A small ClamAV daemon: a real server that speaks INSTREAM, PING and VERSION, and finds the EICAR test file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner reports on purpose (eicar.org)."""

FOUND = "Win.Test.EICAR_HDB-1"


@dataclass
class Clamd:
    """Answers until it is stopped. `says`: this instead of a verdict; `limit`: bytes that it takes."""

    says: bytes | None = None
    limit: int = 100 * 1024 * 1024
    socket: Path | None = None
    scanned: list[int] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _port: int = 0

    @property
    def address(self) -> str:
        return f"unix://{self.socket}" if self.socket else f"tcp://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; again at the same place, if it did before."""
        if self.socket:
            self._server = await asyncio.start_unix_server(self._serve, self.socket)
        else:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no connection any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            command = await reader.readuntil(b"\0")
            if command == b"zVERSION\0":
                writer.write(b"ClamAV 1.4.1/27500\0")
            elif command == b"zINSTREAM\0":
                writer.write(await self._verdict(reader) + b"\0")
            await writer.drain()
        except (ConnectionError, EOFError):
            return
        finally:
            writer.close()

    async def _verdict(self, reader: asyncio.StreamReader) -> bytes:
        content = bytearray()
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            if len(content) + size > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
            content += await reader.readexactly(size)
        self.scanned.append(len(content))
        if self.says is not None:
            return self.says
        return f"stream: {FOUND} FOUND".encode() if EICAR in content else b"stream: OK"
