"""A process of the gateway: works, and leaves in order when it is told to. The one that listens is in `serving`."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import start_http_server

from gateway.app import opened, worker_of
from gateway.metrics import Metrics
from gateway.settings import Settings
from schemas.errors import Misconfigured


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then drain and leave."""
    stop = stop_on_signals()
    async with opened(settings) as gateway:
        with _showing(gateway.metrics, settings.host, settings.worker_metrics_port):
            settle_memory()
            await worker_of(gateway).run(stop)


@contextmanager
def _showing(metrics: Metrics, host: str, port: int) -> Iterator[None]:
    """The metrics at a port of their own, unless it is 0. Raises Misconfigured when it cannot be had."""
    if not port:
        yield
        return
    try:
        server, thread = start_http_server(port, host, metrics.registry)
    except OSError as error:
        raise Misconfigured(
            f"cannot show metrics on {host} port {port}: {error.strerror}. "
            "Set SP4N_GATEWAY_WORKER_METRICS_PORT to another."
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def first_of(stop: asyncio.Event, *tasks: asyncio.Task[None]) -> None:
    """Return when told to stop, or when one of the tasks has ended by itself."""
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


def stop_on_signals() -> asyncio.Event:
    """An event that is set by SIGTERM and SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def settle_memory() -> None:
    """What was built at start lives as long as the process: keep the collector from walking it (measured: 1.3-1.9x).

    Not even now, when the first requests come: to walk it once takes a tenth of a second.
    """
    gc.freeze()
