"""The senders: reports over kept connections, so many at once or so many a second, each timed."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
_ANSWER_SECONDS = 60.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED_END = b"\r\n0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Target:
    """Where reports are posted, and with which headers besides the usual ones."""

    port: int
    path: str
    headers: tuple[tuple[str, str], ...] = ()

    def request(self, body: bytes) -> bytes:
        """The bytes of one POST."""
        lines = [f"POST {self.path} HTTP/1.1", f"Host: {HOST}:{self.port}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


@dataclass(slots=True)
class Posted:
    """When each report was sent and answered, by the machine's clock; for paced senders, when it was due."""

    sent: dict[int, float] = field(default_factory=dict)
    answered: dict[int, float] = field(default_factory=dict)
    refused: int = 0
    said: bytes = b""
    """The first answer that was not 2xx."""

    @property
    def seconds(self) -> float:
        """From the first report sent to the last one answered."""
        return max(self.answered.values(), default=0.0) - min(self.sent.values(), default=0.0)

    def waits(self) -> list[float]:
        """Seconds from each report sent to its answer."""
        return [at - self.sent[number] for number, at in self.answered.items()]


class Line(asyncio.Protocol):
    """One kept connection with one request at a time under way."""

    def __init__(self, posted: Posted, free: Callable[[Line], None]) -> None:
        self._posted, self._free, self._buffer, self._number = posted, free, b"", 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The other side took the connection."""
        self.transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def post(self, number: int, request: bytes) -> None:
        """Send one."""
        self._number = number
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Note the answer when it is there as a whole."""
        self._buffer += data
        if not is_whole(self._buffer):
            return
        if self._buffer[9:10] == b"2":
            self._posted.answered[self._number] = time.monotonic()
        else:
            self._posted.refused += 1
            self._posted.said = self._posted.said or self._buffer[:500]
        self._buffer = b""
        self._free(self)


def is_whole(answer: bytes) -> bool:
    """Whether a response has arrived as a whole, told by its length or by its last chunk."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = _LENGTH.search(answer, 0, end + 2)
    return len(answer) >= end + 4 + int(length[1]) if length else answer.endswith(_CHUNKED_END)


async def post_all(target: Target, reports: Sequence[tuple[int, bytes]], at_once: int) -> Posted:
    """Post every report, so many at once."""
    posted, done = Posted(), asyncio.Event()
    waiting = iter([(number, target.request(body)) for number, body in reports])
    under_way = at_once

    def next_one(line: Line) -> None:
        nonlocal under_way
        for number, request in waiting:
            posted.sent[number] = time.monotonic()
            line.post(number, request)
            return
        under_way -= 1
        if under_way == 0:
            done.set()

    lines = [await connect(target, posted, next_one) for _ in range(at_once)]
    for line in lines:
        next_one(line)
    await done.wait()
    for line in lines:
        line.transport.close()
    return posted


async def post_paced(target: Target, reports: Sequence[tuple[int, bytes]], rate: float) -> Posted:
    """Post so many a second, whatever becomes of them; a wait for a free connection counts as the target's."""
    posted, free, opened, done = Posted(), deque[Line](), list[Line](), asyncio.Event()

    def freed(line: Line) -> None:
        free.append(line)
        if len(posted.answered) + posted.refused == len(requests):
            done.set()

    requests = [(number, target.request(body)) for number, body in reports]
    began = time.monotonic() + 0.05
    for place, (number, request) in enumerate(requests):
        due = began + place / rate
        if (early := due - time.monotonic()) > 0:
            await asyncio.sleep(early)
        if not free:
            opened.append(await connect(target, posted, freed))
            free.append(opened[-1])
        posted.sent[number] = due
        free.popleft().post(number, request)
    try:
        await asyncio.wait_for(done.wait(), _ANSWER_SECONDS)
    except TimeoutError:
        posted.refused += len(requests) - len(posted.answered) - posted.refused
        posted.said = posted.said or b"no answer within a minute"
    for line in opened:
        line.transport.close()
    return posted


async def connect(target: Target, posted: Posted, free: Callable[[Line], None]) -> Line:
    """A connection to the target."""
    _, line = await asyncio.get_running_loop().create_connection(lambda: Line(posted, free), HOST, target.port)
    return line
