"""The process that listens: the HTTP application on its port, and work beside it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from gateway.app import opened, worker_of
from gateway.process import first_of, settle_memory, stop_on_signals
from gateway.settings import Settings
from gateway.smtp.listener import receiving_mail
from gateway.sockets import listening
from gateway.timekeeping import keep_time
from gateway.web import api_of

log = structlog.get_logger("gateway.process")

_MOST_OPEN_REQUESTS = 2048
_IDLE_SECONDS = 75
"""Longer than proxies keep a connection that nobody uses (60 s): one that we closed first may just be sent a report."""


async def serve(settings: Settings, *, with_worker: bool = True, started: Callable[[str], None] | None = None) -> None:
    """Serve the API, and work in the same process if asked, until SIGTERM or SIGINT; then drain and leave.

    `started` is called with the address once requests are taken. Raises Misconfigured when the port is taken.
    """
    stop = stop_on_signals()
    mend = "Stop what uses it, or choose another with --port or SP4N_GATEWAY_PORT."
    with listening(settings.host, settings.port, _MOST_OPEN_REQUESTS, to="listen", mend=mend) as listener:
        async with (
            opened(settings) as gateway,
            receiving_mail(settings, gateway.intake, gateway.access, gateway.metrics),
        ):
            worker = worker_of(gateway) if with_worker else None
            if worker is None:
                gateway.doorbell.start()
            api = api_of(gateway, worker, stop)
            server = _server(api)
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(server.serve(sockets=[listener]))
                beside = worker.run(stop) if worker else keep_time(gateway.tools, stop, gateway.history.look)
                working = tasks.create_task(beside)
                tasks.create_task(_announce(server, serving, listener, started))
                settle_memory()
                await first_of(stop, serving, working)
                server.should_exit = True
                await serving
                stop.set()
                await _finish(api)


async def _finish(api: FastAPI) -> None:
    """End what the application does beside answering."""
    if hasattr(api.state, "finish"):
        await api.state.finish()


async def _announce(
    server: uvicorn.Server, serving: asyncio.Task[None], listener: socket.socket, started: Callable[[str], None] | None
) -> None:
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.01)
    host, port = listener.getsockname()[:2]
    log.info("gateway.started", address=f"http://{host}:{port}")
    if started is not None and server.started:
        started(f"http://{host}:{port}")


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the gateway drains in its own order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: FastAPI) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        backlog=_MOST_OPEN_REQUESTS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=10,
    )
    return _Server(config)
