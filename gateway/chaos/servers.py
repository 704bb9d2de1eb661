"""A PostgreSQL and a RabbitMQ of one's own, from the programs that a Debian machine has: started, killed, begun anew.

Each lies in a folder of its own, listens on loopback at a free port, and meets no other server on the machine. All of
it blocks; call it in a thread.
"""

from __future__ import annotations

import math
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from gateway.chaos.ports import LOOPBACK, free_ports, port_for
from schemas.errors import Misconfigured

START_SECONDS = 60.0
POSTGRESQL = ("/usr/lib/postgresql/*/bin/initdb", "initdb")
RABBITMQ = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")
"""Where Debian has the program, and its name on the PATH."""
_AMQP = b"AMQP\x00\x00\x09\x01"


class Unavailable(Misconfigured):
    """This server cannot be had here; the text says what to install."""


class Postgresql:
    """A cluster that trusts loopback. It is never synced to disk, which the death of a process survives."""

    def __init__(self, initdb: Path, folder: Path) -> None:
        """`folder` is where its own folder is made, readable by the server's user."""
        self._binaries = initdb.parent
        self._owner = unprivileged("postgres")
        self._data = make_folder(folder / "postgresql", self._owner)
        self.port = port_for(5432)
        options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        command([initdb, "-D", self._data, *options], self._owner, self._data)

    @property
    def url(self) -> str:
        """The server's address, without a database."""
        return f"postgresql://postgres@{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start it; what a killed one left behind is waited for. Raises Unavailable."""
        options = f"-p {self.port} -c listen_addresses={LOOPBACK} -c unix_socket_directories={self._data} -c fsync=off"
        end = time.monotonic() + START_SECONDS
        while not self._control("start", "-w", "-l", self._data / "log", "-o", options, until=end):
            time.sleep(0.2)

    def kill(self) -> None:
        """kill -9 of the postmaster; its children notice and leave."""
        with suppress(OSError, ValueError, IndexError):
            os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        """End it at once."""
        self._control("stop", "-m", "immediate", until=math.inf)

    def _control(self, what: str, *options: str | Path, until: float) -> bool:
        """Run pg_ctl; False when it fails. Raises Unavailable for a failure later than `until`."""
        try:
            command([self._binaries / "pg_ctl", what, "-D", self._data, *options], self._owner, self._data)
        except Unavailable:
            if time.monotonic() > until:
                raise
            return False
        return True


class Rabbitmq:
    """A broker of its own name, ports, cookie and files."""

    def __init__(self, binary: Path, folder: Path) -> None:
        """`folder` is where its own folder is made, readable by the server's user."""
        self._binary = binary
        self._owner = unprivileged("rabbitmq")
        self._home = make_folder(folder / "rabbitmq", self._owner)
        self.port = port_for(5672)
        inner = free_ports(2)
        self._environ = self._environment(inner, inner + 1)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The broker's address."""
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}//"

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises Unavailable."""
        with (self._home / "output").open("ab") as log:
            server = self._server = subprocess.Popen(  # noqa: S603 - a fixed program with fixed arguments
                [self._binary],
                env=self._environ,
                cwd=self._home,
                user=self._owner,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(lambda: _speaks_amqp(self.port) or server.poll() is not None)
        if not _speaks_amqp(self.port):
            said = (self._home / "output").read_text("utf-8", "replace")[-500:]
            raise Unavailable(f"rabbitmq-server did not start: {said}")

    def kill(self) -> None:
        """kill -9 of the broker with all its children."""
        if self._server is not None and self._server.poll() is None:
            os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()

    def stop(self) -> None:
        """End it, and the port mapper that it started for itself."""
        self.kill()
        mapper = shutil.which("epmd")
        if mapper:
            ending = [mapper, "-kill"]
            wait_until(lambda: b"Killed" in _said(ending, self._environ))

    def _environment(self, distribution: int, mapper: int) -> dict[str, str]:
        home = str(self._home)
        return os.environ | {
            "HOME": home,
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(mapper),
            "RABBITMQ_CONF_ENV_FILE": f"{home}/none",
            "RABBITMQ_CONFIG_FILE": f"{home}/none",
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/plugins",
            "RABBITMQ_LOG_BASE": home,
            "RABBITMQ_MNESIA_BASE": home,
            "RABBITMQ_NODENAME": f"sp4n-gateway-own-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
            "RABBITMQ_NODE_PORT": str(self.port),
        }


def newest(pattern: str, name: str) -> Path | None:
    """The program at its place in Debian, of the highest version, or wherever the PATH has it."""
    places = sorted(Path("/").glob(pattern.lstrip("/")), key=lambda path: (len(str(path)), str(path)))
    on_path = shutil.which(name)
    return places[-1] if places else Path(on_path) if on_path else None


def found(program: tuple[str, str], package: str) -> Path:
    """The program. Raises Unavailable with the package that has it."""
    path = newest(*program)
    if path is None:
        raise Unavailable(f"there is no {program[1]} here. Debian: apt-get install {package}")
    return path


def unprivileged(name: str) -> str | None:
    """The user that the server must run as when we are root; None: as we are. Raises Unavailable."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError as unknown:
        raise Unavailable(f"there is no user {name!r} to run it as") from unknown


def make_folder(folder: Path, owner: str | None) -> Path:
    """An empty folder that only the server's user can read."""
    folder.mkdir(mode=0o700)
    if owner is not None:
        shutil.chown(folder, owner)
    return folder


def command(arguments: Sequence[str | Path], owner: str | None, cwd: Path) -> None:
    """Run one of the server's tools. Raises Unavailable with what it said."""
    done = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
        arguments, user=owner, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        raise Unavailable(f"{Path(arguments[0]).name} failed: {done.stdout.strip()[-500:]}")


def wait_until(condition: Callable[[], bool]) -> bool:
    """Ask ten times a second until it holds; False when it does not within a minute."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _said(arguments: list[str], environ: dict[str, str]) -> bytes:
    done = subprocess.run(arguments, env=environ, capture_output=True, check=False)  # noqa: S603 - the same
    return done.stdout


def _speaks_amqp(port: int) -> bool:
    """Whether a broker answers the protocol's greeting (AMQP 0-9-1, 4.2.2) with a method frame."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=5) as connection:
            connection.sendall(_AMQP)
            return connection.recv(1) == b"\x01"
    except OSError:
        return False
