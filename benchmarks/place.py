"""What every measured system is given: a folder, servers, two destinations; and what it gives back: where to post."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.load import HOST, Target
from benchmarks.servers import Servers

ROOT = Path(__file__).resolve().parents[1]
DESTINATIONS = 2
_STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the destinations have: when each report had come to both, and how many came again."""

    at: Mapping[int, float]
    again: int
    handoffs: int


@dataclass(frozen=True, slots=True)
class Sink:
    """The process of the two destinations."""

    ports: tuple[int, ...]
    asked: int

    async def count(self) -> int:
        """How many handoffs came, each counted once."""
        return int(await self._ask("count"))

    async def forget(self) -> Arrived:
        """What came since it was asked last; it begins anew."""
        told = json.loads(await self._ask("forget"))
        return Arrived(dict(told["whole"]), told["again"], told["count"])

    async def _ask(self, word: str) -> str:
        reader, writer = await asyncio.open_connection(HOST, self.asked, limit=1 << 28)
        writer.write(word.encode() + b"\n")
        line = await reader.readline()
        writer.close()
        return line.decode()

    async def wait_for(self, handoffs: int, still_seconds: float = 60.0) -> None:
        """Return when so many have come, or when none came for a while."""
        seen, since = -1, time.monotonic()
        while (now := await self.count()) < handoffs and time.monotonic() - since < still_seconds:
            if now != seen:
                seen, since = now, time.monotonic()
            await asyncio.sleep(0.02)


@dataclass(slots=True)
class Running:
    """A system at work: where to post, and its processes by role."""

    target: Target
    processes: dict[str, list[psutil.Process]] = field(default_factory=dict)
    database_url: str | None = None
    """Where it is on PostgreSQL."""
    said: Callable[[], str] = str
    """What its processes said, for a person who wonders why it does not work."""


@dataclass(slots=True)
class Place:
    """Where systems are measured."""

    folder: Path
    servers: Servers
    sink: Sink

    @contextmanager
    def processes(self) -> Iterator[Started]:
        """Processes that end with the block."""
        with tempfile.TemporaryDirectory(prefix="run-", dir=self.folder) as folder:
            started = Started(Path(folder))
            try:
                yield started
            finally:
                started.stop()


@dataclass(slots=True)
class Started:
    """The processes of one system and the folder for what they write."""

    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str], cwd: Path = ROOT) -> psutil.Process:
        """Start one; what it says goes to a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, env={**os.environ, **environ}, cwd=cwd, stdout=log, stderr=log)
        self.running.append(process)
        return psutil.Process(process.pid)

    def said(self) -> str:
        """The end of what each process said, for a person who wonders why it does not work."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text('utf-8', 'replace')[-1500:]}" for log in logs)

    def stop(self) -> None:
        """Ask all to end; kill what does not."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                for each in children:
                    each.kill()
                process.kill()
                process.wait()


@contextmanager
def made_place() -> Iterator[Place]:
    """A place; everything in it ends and is gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sp4n-gateway-bench-")))
        folder.chmod(0o755)
        command = [sys.executable, "-m", "benchmarks.sink"]
        sink = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        stack.callback(sink.wait)
        stack.callback(sink.terminate)
        assert sink.stdout is not None  # noqa: S101  (asked for in the line above)
        *ports, asked = json.loads(sink.stdout.readline())
        yield Place(folder, Servers(folder, stack), Sink(tuple(ports), asked))


async def wait_until_listening(port: int, seconds: float = 180.0) -> None:
    """Return when somebody takes connections there. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
