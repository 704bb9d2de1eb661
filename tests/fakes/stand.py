"""A destination that takes everything, standing on a real port."""

from __future__ import annotations

import asyncio

from adapters.contract import Call
from adapters.simulator import Book, SimulatedAnswer, SimulatedRequest, Simulator


class Taker:
    """Takes everything, remembers the requests; `took` is set at the first."""

    def __init__(self, answer: SimulatedAnswer | None = None) -> None:
        self.seen: list[SimulatedRequest] = []
        self.answer = answer or SimulatedAnswer.of_json({"id": 7, "pesan": "Laporan diterima dengan baik"})
        self.took = asyncio.Event()

    def take(self, request: SimulatedRequest, book: Book) -> SimulatedAnswer:
        self.seen.append(request)
        self.took.set()
        book.append({"path": request.path, "bytes": len(request.body)})
        return self.answer


class Stand:
    """A running simulator with its application."""

    def __init__(self, app: Taker, simulator: Simulator) -> None:
        self.app = app
        self.simulator = simulator

    @property
    def port(self) -> str:
        return self.simulator.url.rsplit(":", 1)[1]

    def call(self, method: str = "POST", path: str = "/laporan", body: bytes = b"{}", *, fresh: bool = False) -> Call:
        return Call(method, self.simulator.url + path, (("content-type", "application/json"),), body, "k", fresh)


def get(url: str, method: str = "GET") -> Call:
    """A call without a body."""
    return Call(method, url, (), b"", "k")


async def raw_server(*answers: bytes) -> tuple[asyncio.Server, str, list[bytes]]:
    """Answers the requests of all connections, in order, with raw bytes; when there are no more it just closes."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (head := await reader.read(65536)) and len(seen) < len(answers):
            writer.write(answers[len(seen)])
            seen.append(head)
        if head:
            seen.append(head)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", seen
