"""How a throw-away PostgreSQL and RabbitMQ are found, installed, started and stopped on a Debian machine."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop
from kombu import Connection

START_SECONDS = 60.0
LOOPBACK = "127.0.0.1"


class Unavailable(Exception):
    """This server cannot be had here; the text says what to install."""


@dataclass(frozen=True, slots=True)
class ServerKind:
    """One server that tests need: the variable that names its address, how it is asked, how one is started."""

    name: str
    variable: str
    standard_url: str
    answers: Callable[[str], bool]
    start: Callable[[Path, ExitStack], str]


# ---------------------------------------------------------------------------------------------------------- PostgreSQL


def postgresql_answers(url: str) -> bool:
    """Whether this server lets us make databases."""

    async def ask() -> bool:
        connection = await asyncpg.connect(url, database="postgres", timeout=5)
        try:
            return bool(await connection.fetchval("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"))
        finally:
            await connection.close()

    try:
        return uvloop.run(ask())
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def start_postgresql(folder: Path, stack: ExitStack) -> str:
    """A cluster in `folder` that trusts loopback; it is never synced to disk, which the death of a process survives."""
    binaries = found_or_installed(lambda: newest("/usr/lib/postgresql/*/bin/initdb", "initdb"), "postgresql").parent
    owner = unprivileged("postgres")
    data = make_folder(folder / "postgresql", owner)
    port = free_port(5432)
    options = f"-p {port} -c listen_addresses={LOOPBACK} -c unix_socket_directories={data} -c fsync=off"
    command([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], owner, data)
    command([binaries / "pg_ctl", "start", "-w", "-D", data, "-l", data / "log", "-o", options], owner, data)
    stack.callback(command, [binaries / "pg_ctl", "stop", "-m", "immediate", "-D", data], owner, data)
    return f"postgresql://postgres@{LOOPBACK}:{port}"


# ------------------------------------------------------------------------------------------------------------ RabbitMQ


def rabbitmq_answers(url: str) -> bool:
    """Whether this broker lets us in."""
    try:
        with Connection(url, connect_timeout=5) as connection:
            connection.ensure_connection(max_retries=1, timeout=5)
            return True
    except Exception:  # noqa: BLE001  (a driver under kombu may raise anything; whatever it is, the broker is of no use)
        return False


def start_rabbitmq(folder: Path, stack: ExitStack) -> str:
    """A broker of its own name, ports, cookie and files, so that it meets no other on this machine."""
    binary = found_or_installed(
        lambda: newest("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server"), "rabbitmq-server"
    )
    owner = unprivileged("rabbitmq")
    home = make_folder(folder / "rabbitmq", owner)
    port, distribution, mapper = free_port(5672), free_port(), free_port()
    environment = os.environ | {
        "HOME": str(home),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(mapper),
        "RABBITMQ_CONF_ENV_FILE": str(home / "none"),
        "RABBITMQ_CONFIG_FILE": str(home / "none"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_LOG_BASE": str(home),
        "RABBITMQ_MNESIA_BASE": str(home),
        "RABBITMQ_NODENAME": f"sp4n-gateway-test-{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
        "RABBITMQ_NODE_PORT": str(port),
    }
    log = stack.enter_context((home / "output").open("wb"))
    server = subprocess.Popen(
        [binary], env=environment, cwd=home, user=owner, stdout=log, stderr=log, start_new_session=True
    )
    stack.callback(end_broker, server, environment)
    url = f"amqp://guest:guest@{LOOPBACK}:{port}//"
    wait_until(lambda: rabbitmq_answers(url) or server.poll() is not None)
    if not rabbitmq_answers(url):
        raise Unavailable(f"rabbitmq-server did not start: {(home / 'output').read_text('utf-8', 'replace')[-500:]}")
    return url


def end_broker(server: subprocess.Popen[bytes], environment: dict[str, str]) -> None:
    """End the broker with all its children, then the port mapper that it started for itself."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    mapper = shutil.which("epmd")
    if mapper:
        wait_until(lambda: b"Killed" in subprocess.run([mapper, "-kill"], env=environment, capture_output=True).stdout)


# -------------------------------------------------------------------------------------------------------------- common


def found_or_installed(find: Callable[[], Path | None], package: str) -> Path:
    """The program, after installing its Debian package if that is possible. Raises Unavailable."""
    found = find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        install(package)
        found = find()
    if found is None:
        raise Unavailable(f"Debian: apt-get install {package}")
    return found


def install(package: str) -> None:
    """Install a Debian package without questions; what it prints is shown only by the error of whoever needed it."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *arguments], env=quiet, capture_output=True, check=False)


def newest(pattern: str, name: str) -> Path | None:
    """The program at its place in Debian, of the highest version, or wherever the PATH has it."""
    places = sorted(Path("/").glob(pattern.lstrip("/")), key=lambda path: (len(str(path)), str(path)))
    on_path = shutil.which(name)
    return places[-1] if places else Path(on_path) if on_path else None


def unprivileged(name: str) -> str | None:
    """The user that the server must run as when we are root; None: as we are."""
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


def free_port(preferred: int = 0) -> int:
    """The preferred port if nobody listens there, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Unavailable("no port is free on loopback")


def command(arguments: list[str | Path], owner: str | None, cwd: Path) -> None:
    """Run one of the server's tools. Raises Unavailable with what it said."""
    done = subprocess.run(arguments, user=owner, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
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


KINDS = (
    ServerKind(
        name="PostgreSQL",
        variable="SP4N_TEST_POSTGRESQL",
        standard_url=f"postgresql://postgres@{LOOPBACK}:5432",
        answers=postgresql_answers,
        start=start_postgresql,
    ),
    ServerKind(
        name="RabbitMQ",
        variable="SP4N_TEST_RABBITMQ",
        standard_url=f"amqp://guest:guest@{LOOPBACK}:5672//",
        answers=rabbitmq_answers,
        start=start_rabbitmq,
    ),
)
