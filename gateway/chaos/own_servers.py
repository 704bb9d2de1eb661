"""Servers that live and die with one run: an installation on them, and the blows that kill them."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from gateway.chaos.blows import Blow
from gateway.chaos.regime import KILLED
from gateway.chaos.servers import POSTGRESQL, RABBITMQ, Postgresql, Rabbitmq, found
from gateway.settings import Settings


class Server(Protocol):
    """A server that can be killed and started again; both block."""

    def kill(self) -> None:
        """kill -9."""

    def start(self) -> None:
        """Start it, and return when it answers. Raises Unavailable."""


def begun(own: Settings, stack: ExitStack) -> tuple[Settings, list[Blow]]:
    """The installation's settings with a PostgreSQL and a RabbitMQ of its own, and the blows. They end with `stack`.

    It blocks. Raises Unavailable, with the package to install.
    """
    folder = Path(tempfile.mkdtemp(prefix="sp4n-gateway-own-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)  # the servers run as users of their own
    database = Postgresql(found(POSTGRESQL, "postgresql"), folder)
    broker = Rabbitmq(found(RABBITMQ, "rabbitmq-server"), folder)
    for server in (database, broker):
        stack.callback(server.stop)
        server.start()
    blows = [Blow(f"database{KILLED}", _killed(database)), Blow(f"broker{KILLED}", _killed(broker))]
    return own.model_copy(update={"database_url": f"{database.url}/postgres", "broker_url": broker.url}), blows


def _killed(server: Server) -> Callable[[], Awaitable[None]]:
    async def fall() -> None:
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)

    return fall
