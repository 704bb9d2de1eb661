"""The simulator's server: requests from real sockets to the application, spoilt where the rules say so."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable
from dataclasses import asdict, replace
from urllib.parse import parse_qsl, unquote

import h11

from adapters.simulator.book import Book
from adapters.simulator.exchange import SeenRequest, SimulatedAnswer, SimulatedApp, SimulatedRequest
from adapters.simulator.faults import BEFORE, FaultRule, Mischief, parse_fault
from adapters.simulator.misbehave import BROKEN, REPLACED
from adapters.simulator.wire import Wire, head_of
from schemas.errors import Invalid

CONTROL = "/_simulator/"
"""Paths below this steer the simulator; they are never disturbed and never counted."""


class Simulator:
    """A destination on a local port.

    `requests` are those it saw, `bytes_seen` every byte that came, `connections` how many were opened. While running it
    is steered by GET `/_simulator/book`, GET `/_simulator/requests` and GET, POST, DELETE `/_simulator/faults`; POST
    takes rules in their short spelling, one a line, and puts them in place of those in force.
    """

    def __init__(
        self,
        app: SimulatedApp,
        *,
        book: Book,
        faults: Iterable[FaultRule] = (),
        seed: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.app = app
        self.book = book
        self.requests: list[SeenRequest] = []
        self.bytes_seen = 0
        self.connections = 0
        self._mischief = Mischief(faults, seed)
        self._seed = seed
        self._tls = tls
        self._address = ("127.0.0.1", 0)
        self._server: asyncio.Server | None = None
        self._bound: socket.socket | None = None
        self._comeback: asyncio.Task[None] | None = None
        self._wires: dict[asyncio.Task[None], Wire] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self._address
        return f"{'https' if self._tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen, and return the port; 0 takes a free one."""
        self._address = (host, port)
        self._bind()
        if (outage := self._mischief.outage_due()) is not None:
            self._schedule_comeback(outage)
        else:
            await self._listen()
        return self._address[1]

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        tasks = [task for task in (*self._wires, self._comeback) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._close_listener()
        if self._bound is not None:
            self._bound.close()
        self.book.close()

    async def set_faults(self, faults: Iterable[FaultRule]) -> None:
        """Put these rules in force, counting from anew; an outage ends unless they hold one that begins at once."""
        self._mischief = Mischief(faults, self._seed)
        if self._comeback is not None:
            self._comeback.cancel()
            self._comeback = None
        outage = self._mischief.outage_due()
        if outage is not None:
            self._go_deaf(outage)
        elif self._server is None:
            await self._listen()

    # ------------------------------------------------------------------------------------------------------- listening

    def _bind(self) -> None:
        """Hold the port without listening: whoever connects is refused by the system."""
        host, port = self._address
        self._bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._bound.bind((host, port))
        self._address = (host, self._bound.getsockname()[1])

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, sock=self._bound, ssl=self._tls, backlog=1024)
        self._bound = None

    def _close_listener(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _go_deaf(self, outage: FaultRule) -> None:
        """Close the listener and the idle connections; busy ones close after their answer."""
        if self._server is not None:
            self._close_listener()
            self._bind()
        for wire in self._wires.values():
            if wire.idle:
                wire.close()
        self._schedule_comeback(outage)

    def _schedule_comeback(self, outage: FaultRule) -> None:
        if outage.seconds and outage.times:
            self._comeback = asyncio.get_running_loop().create_task(self._come_back(outage.seconds))

    async def _come_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._listen()

    # --------------------------------------------------------------------------------------------------------- serving

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:  # pragma: no cover - a coroutine of start_server always runs in a task
            return
        self.connections += 1
        self._wires[task] = wire = Wire(reader, writer, self._count_bytes)
        try:
            while await self._serve(wire) and self._server is not None:
                pass
        except h11.RemoteProtocolError:
            await wire.write(head_of(SimulatedAnswer(400), 0, close=True))
        except (ConnectionError, ssl.SSLError):
            pass  # the peer left; what it had sent by then is in the list of requests
        except asyncio.CancelledError:
            wire.abort()  # only stop() cancels, and it waits for this
        finally:
            wire.close()
            del self._wires[task]

    def _count_bytes(self, count: int) -> None:
        self.bytes_seen += count

    async def _serve(self, wire: Wire) -> bool:
        """Answer one request; False when the connection is not to be used again."""
        head = await wire.head()
        if head is None:
            return False
        request = _request(head, len(self.requests) + 1, wire.client)
        if request.path.startswith(CONTROL):
            answer = await self._control(replace(request, body=await wire.body()))
            await wire.write(head_of(answer, len(answer.body)) + answer.body)
            return True
        self.requests.append(SeenRequest(request.number, request.method, request.path, taken=False))
        return await self._answer(wire, head, request)

    async def _answer(self, wire: Wire, head: h11.Request, request: SimulatedRequest) -> bool:
        fault = self._mischief.meet(request.method, request.path)
        answer = SimulatedAnswer()
        if fault is None or fault.kind != "reset_before":
            request = replace(request, body=await wire.body())
        if fault is None or fault.kind not in BEFORE:
            answer = self.app.take(request, self.book)
        self._note(request, fault)
        if fault is not None and fault.kind in BROKEN:
            await BROKEN[fault.kind](wire, fault, answer)
            return False
        if fault is not None:
            answer = REPLACED[fault.kind](fault, answer)
        if (outage := self._mischief.outage_due(request.method, request.path)) is not None:
            self._go_deaf(outage)
        last = outage is not None or _asks_to_close(head)
        await wire.write(head_of(answer, len(answer.body), close=last) + answer.body)
        return not last

    def _note(self, request: SimulatedRequest, fault: FaultRule | None) -> None:
        kind = None if fault is None else fault.kind
        seen = SeenRequest(request.number, request.method, request.path, kind not in BEFORE, kind)
        self.requests[request.number - 1] = seen

    # -------------------------------------------------------------------------------------------------------- steering

    async def _control(self, request: SimulatedRequest) -> SimulatedAnswer:
        match (request.method, request.path.removeprefix(CONTROL)):
            case ("GET", "book"):
                return SimulatedAnswer.of_json({"entries": self.book.entries})
            case ("GET", "requests"):
                return SimulatedAnswer.of_json({"requests": [asdict(seen) for seen in self.requests]})
            case ("GET", "faults"):
                return SimulatedAnswer.of_json({"faults": [asdict(rule) for rule in self._mischief.rules]})
            case ("POST", "faults"):
                return await self._replace_faults(request.body.decode(errors="replace").splitlines())
            case ("DELETE", "faults"):
                return await self._replace_faults([])
            case _:
                return self.app.take(request, self.book)

    async def _replace_faults(self, lines: list[str]) -> SimulatedAnswer:
        try:
            rules = [parse_fault(line) for line in lines if line.strip()]
        except Invalid as error:
            return SimulatedAnswer.of_json({"detail": error.detail}, 422)
        await self.set_faults(rules)
        return SimulatedAnswer.of_json({"faults": [asdict(rule) for rule in rules]})


def _request(head: h11.Request, number: int, client: str | None) -> SimulatedRequest:
    path, _, query = head.target.decode("latin-1").partition("?")
    headers = {bytes(name).decode("latin-1"): bytes(value).decode("latin-1") for name, value in head.headers}
    method = bytes(head.method).decode("ascii")
    fields = dict(parse_qsl(query, keep_blank_values=True))
    return SimulatedRequest(method, unquote(path), fields, headers, b"", number, client)


def _asks_to_close(head: h11.Request) -> bool:
    tokens = [value.lower() for name, value in head.headers if name == b"connection"]
    return b"close" in tokens or (head.http_version == b"1.0" and b"keep-alive" not in tokens)
