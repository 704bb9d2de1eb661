"""The installation that is measured: its folder, configuration and processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

HOST = "127.0.0.1"
DESTINATIONS = ("first", "second")
_DESTINATION = """\
  {name}:
    adapter: ministry_rest
    url: http://127.0.0.1:{port}
    private_hosts: [127.0.0.1]
    secrets: {{signing_secret: whsec_a2VtZW50ZXJpYW4tY29udG9oLXJhaGFzaWEtMzJieXQ=}}
    options: {{path: /cases}}
    limits: {{concurrency: 32}}
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """What is measured: embedded, or on the database and broker that are named."""

    folder: Path
    database_url: str | None
    broker_url: str | None
    workers: int
    port: int
    ports: dict[str, int]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where reports are posted."""
        return f"http://{HOST}:{self.port}"

    def book(self, destination: str) -> Path:
        """What a destination took."""
        return self.folder / f"{destination}.jsonl"

    def taken(self, destination: str) -> int:
        """How many cases a destination took."""
        book = self.book(destination)
        return book.read_bytes().count(b"\n") if book.exists() else 0

    def cpu_seconds(self) -> float:
        """Processor time of the gateway's own processes so far; the simulators are not counted."""
        times = [psutil.Process(process.pid).cpu_times() for process in self.processes[len(DESTINATIONS) :]]
        return sum(time.user + time.system for time in times)

    def run(self, *arguments: str) -> str:
        """Run a command of the gateway to its end; returns what it printed."""
        command = self._command(arguments)
        done = subprocess.run(command, env=self._environ(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return done.stdout

    def start(self, name: str, *arguments: str) -> None:
        """Start a command of the gateway; what it says goes to a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            command = self._command(arguments)
            self.processes.append(subprocess.Popen(command, env=self._environ(), stdout=log, stderr=log))

    def start_all(self) -> None:
        """Start the destinations, the HTTP face and the workers."""
        for name, port in self.ports.items():
            self.start(name, "simulate", "ministry", "--port", str(port), "--book", str(self.book(name)))
        self.start("serve", "serve", *(["--no-worker"] if self.workers else []))
        for number in range(self.workers):
            self.start(f"worker-{number}", "worker")

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "gateway.cli", *arguments]

    def _environ(self) -> dict[str, str]:
        settings = {
            "CONFIG": str(self.folder / "gateway.yaml"),
            "DATA_DIR": str(self.folder),
            "PORT": str(self.port),
            "LOG_LEVEL": "warning",
            "DATABASE_URL": self.database_url or "",
            "BROKER_URL": self.broker_url or "",
            "QUEUE_PREFIX": f"bench-{self.port}",
        }
        return os.environ | {f"SP4N_GATEWAY_{name}": value for name, value in settings.items() if value}


@contextmanager
def installed(folder: Path, database_url: str | None, broker_url: str | None, workers: int) -> Iterator[Installation]:
    """A fresh installation with two destinations that take everything; its processes end with it."""
    port, *others = _free_ports(1 + len(DESTINATIONS))
    ports = dict(zip(DESTINATIONS, others, strict=True))
    entries = "".join(_DESTINATION.format(name=name, port=taken) for name, taken in ports.items())
    configuration = f"destinations:\n{entries}routes:\n  default: [{', '.join(DESTINATIONS)}]\n"
    (folder / "gateway.yaml").write_text(configuration, encoding="utf-8")
    installation = Installation(folder, database_url, broker_url, workers, port, ports)
    try:
        yield installation
    finally:
        for process in installation.processes:
            process.terminate()
        for process in installation.processes:
            process.wait(60)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    try:
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
