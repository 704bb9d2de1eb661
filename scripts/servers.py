"""Which servers the tests need, and how each is found, installed and started on a Debian machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop
from kombu import Connection

from gateway.chaos.ports import LOOPBACK
from gateway.chaos.servers import POSTGRESQL, RABBITMQ, Postgresql, Rabbitmq, newest
from gateway.chaos.servers import Unavailable as Unavailable


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
    """A cluster in `folder`, gone with the stack."""
    server = Postgresql(found_or_installed(lambda: newest(*POSTGRESQL), "postgresql"), folder)
    server.start()
    stack.callback(server.stop)
    return server.url


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
    """A broker in `folder`, gone with the stack."""
    server = Rabbitmq(found_or_installed(lambda: newest(*RABBITMQ), "rabbitmq-server"), folder)
    stack.callback(server.stop)
    server.start()
    return server.url


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
