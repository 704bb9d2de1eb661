"""The servers of a measurement: a PostgreSQL, a RabbitMQ and a Redis that nobody else uses, synced to disk.

They are started when first asked for, so that their processor time is the measured system's alone.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil

from gateway.chaos.ports import LOOPBACK, free_ports
from gateway.chaos.servers import (
    POSTGRESQL,
    Unavailable,
    command,
    make_folder,
    newest,
    unprivileged,
    wait_until,
)
from scripts.servers import found_or_installed, start_rabbitmq

_POSTGRESQL = "-c max_connections=200 -c shared_buffers=512MB -c max_wal_size=4GB"
"""The same for every system that is measured; whatever keeps a commit safe is at its default, which is on."""
_REDIS = ("--bind", LOOPBACK, "--save", "", "--appendonly", "yes", "--appendfsync", "always")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address and the process whose tree it is."""

    url: str
    process: psutil.Process


@dataclass(slots=True)
class Servers:
    """The servers that were started so far; they end with `stack`."""

    folder: Path
    stack: ExitStack
    started: dict[str, Server] = field(default_factory=dict)

    def get(self, name: str) -> Server:
        """The server of this name, started if need be. Raises Unavailable with what to install."""
        if name not in self.started:
            self.started[name] = _STARTS[name](self.folder, self.stack)
        return self.started[name]

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a database of its own, a copy of `template`; it is gone afterwards."""
        name = f"bench_{uuid4().hex[:12]}"
        self.administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield f"{self.get('PostgreSQL').url}/{name}"
        finally:
            self.administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def administer(self, statement: str) -> None:
        """Run one statement on the server."""
        asyncio.run(_execute(f"{self.get('PostgreSQL').url}/postgres", statement))


async def look_at_tables(database_url: str) -> None:
    """Give the planner its statistics, as an installation that has run for a day has them."""
    await _execute(database_url, "ANALYZE")


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _postgresql(folder: Path, stack: ExitStack) -> Server:
    binaries = found_or_installed(lambda: newest(*POSTGRESQL), "postgresql").parent
    owner = unprivileged("postgres")
    data = make_folder(folder / "postgresql", owner)
    port = free_ports()
    options = f"-p {port} -c listen_addresses={LOOPBACK} -c unix_socket_directories={data} {_POSTGRESQL}"
    command([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], owner, data)
    command([binaries / "pg_ctl", "start", "-w", "-D", data, "-l", data / "log", "-o", options], owner, data)
    stack.callback(command, [binaries / "pg_ctl", "stop", "-m", "fast", "-D", data], owner, data)
    pid = int((data / "postmaster.pid").read_text("utf-8").split()[0])
    return Server(f"postgresql://postgres@{LOOPBACK}:{port}", psutil.Process(pid))


def _rabbitmq(folder: Path, stack: ExitStack) -> Server:
    url = start_rabbitmq(folder, stack).removesuffix("//") + "/%2F"  # pika takes // for a virtual host without a name
    mine = psutil.Process().children(recursive=True)
    return Server(url, next(process for process in mine if process.name() == "beam.smp"))


def _redis(folder: Path, stack: ExitStack) -> Server:
    binary = shutil.which("redis-server")
    if binary is None:
        raise Unavailable("Debian: apt-get install redis-server")
    port, data = free_ports(), make_folder(folder / "redis", None)
    log = stack.enter_context((data / "log").open("wb"))
    server = subprocess.Popen([binary, "--port", str(port), "--dir", str(data), *_REDIS], stdout=log, stderr=log)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    if not wait_until(lambda: b"Ready to accept" in (data / "log").read_bytes() or server.poll() is not None):
        raise Unavailable("redis-server did not start")
    return Server(f"redis://{LOOPBACK}:{port}", psutil.Process(server.pid))


_STARTS = {"PostgreSQL": _postgresql, "RabbitMQ": _rabbitmq, "Redis": _redis}
