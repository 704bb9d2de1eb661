"""A whole gateway with its console behind a real socket, in a thread of its own, for a browser to look at."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import threading
import urllib.request
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from adapters.destinations.ministry_rest import simulator as ministry_simulator
from adapters.simulator import Book, Simulator, parse_fault
from gateway.access import make_credential
from gateway.app import Gateway, opened, worker_of
from gateway.ledger.channels import add_channel, add_credential
from gateway.ledger.users import UserRow, add_user
from gateway.ledger.values import ChannelRow, CredentialRow
from gateway.passwords import hash_password
from gateway.roles import Role
from gateway.settings import load_settings
from gateway.web import api_of
from tests.fakes.certificates import an_authority

T = TypeVar("T")

MINISTRY = "kemenkes"
FORGETFUL = "kemensos"
"""A ministry that takes a case and hangs up before it answers, and cannot be asked whether it has it."""
PASSWORD = "kuda laut hijau muda"
PHONE = "081200000001"
START_SECONDS = 60.0
_HANGS_UP = parse_fault("reset_after:times=0:method=POST")
CONFIG = """\
destinations:
  kemenkes:
    adapter: ministry_rest
    url: {url}
    private_hosts: [127.0.0.1]
    secrets: {{signing_secret: {secret}}}
    options: {{path: /cases, repeat: dedupes, send_files: true, tls: {{ca: {authority}}}}}
    retry: {{quick: [10ms], longest: 20ms, horizon: 1ms, jitter: 0}}
    breaker: {{row: 10000, samples: 10000}} # else they would wait and go on by themselves
  kemensos:
    adapter: ministry_rest
    url: {forgetful}
    private_hosts: [127.0.0.1]
    secrets: {{signing_secret: {secret}}}
    options: {{path: /cases, repeat: neither}}
    breaker: {{row: 10000, samples: 10000}}
directory:
  Kementerian Sosial: {{aliases: [kemensos], institution: 162, destination: kemensos}}
routes:
  default: [kemenkes]
  rules:
    - {{name: bantuan sosial, when: {{keywords: [bansos]}}, to: [kemensos], only: true}}
"""


@dataclass
class Served:
    """The console at an address, and what stands behind it."""

    gateway: Gateway
    address: str
    key: str
    book: Book
    loop: asyncio.AbstractEventLoop
    change_certificate: Callable[[], None]

    def done(self, work: Coroutine[Any, Any, T]) -> T:
        """Have something done where the gateway lives."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(START_SECONDS)

    def post(self, *contents: str, **more: Any) -> list[str]:
        """Post reports, each with these fields more; their tracking codes."""
        now = datetime.now(UTC).timestamp()
        reports = [
            {
                "message_id": f"{now}-{number}",
                "content": content,
                "reporter": {"name": "Marlina Siagiman", "phone": PHONE},
                **more,
            }
            for number, content in enumerate(contents)
        ]
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        request = urllib.request.Request(  # noqa: S310  (an http address of this test's own)
            f"{self.address}/v1/reports", json.dumps(reports).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:  # noqa: S310  (likewise)
            return [one["tracking_code"] for one in json.loads(answer.read())]


@contextmanager
def served(folder: Path, **wanted: Any) -> Iterator[Served]:
    """A gateway whose ministry's certificate has expired, until `change_certificate` is called. `wanted`: settings."""
    ready: threading.Event = threading.Event()
    found: list[Served] = []
    faults: list[BaseException] = []
    stop = asyncio.Event()

    def run() -> None:
        try:
            asyncio.run(_serve(folder, stop, lambda one: (found.append(one), ready.set()), wanted))
        except BaseException as error:  # noqa: BLE001  (told to the test, which fails with it)
            faults.append(error)
            ready.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(START_SECONDS)
    if not found:
        raise AssertionError("the console did not start") from (faults[0] if faults else None)
    try:
        yield found[0]
    finally:
        found[0].loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)


async def _serve(folder: Path, stop: asyncio.Event, tell: Callable[[Served], object], wanted: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        await _served_at(listener, folder, stop, tell, wanted)


async def _served_at(
    listener: socket.socket,
    folder: Path,
    stop: asyncio.Event,
    tell: Callable[[Served], object],
    wanted: dict[str, Any],
) -> None:
    authority = an_authority(folder)
    proving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    proving.load_cert_chain(*authority.issue("kedaluwarsa", days=-3))
    simulator = Simulator(ministry_simulator.simulated(mode="dedupes"), book=Book(None), tls=proving)
    await simulator.start()
    forgetful = Simulator(ministry_simulator.simulated(mode="neither"), book=Book(None), faults=[_HANGS_UP])
    await forgetful.start()
    config = folder / "gateway.yaml"
    url = simulator.url.replace("http://", "https://")
    addresses = {"url": url, "forgetful": forgetful.url}
    config.write_text(CONFIG.format(**addresses, secret=ministry_simulator.SECRET, authority=authority.file))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    plain = {"data_dir": folder / "data", "sweep_interval": 0.05, "grace": 10, "same_event_within": 0}
    settings = load_settings(config_file=config, public_url=address, **plain, **wanted)
    async with opened(settings) as gateway:
        key = await _furnish(gateway)
        worker = worker_of(gateway)
        api = api_of(gateway, worker, stop)
        config_of_server = uvicorn.Config(api, log_config=None, lifespan="off", loop="none")
        server = uvicorn.Server(config_of_server)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        working = asyncio.create_task(worker.run(stop))
        serving = asyncio.create_task(_quiet(server, listener))
        loop, book = asyncio.get_running_loop(), simulator.book
        tell(Served(gateway, address, key, book, loop, lambda: proving.load_cert_chain(*authority.issue("baru"))))
        await stop.wait()
        server.should_exit = True
        await asyncio.gather(serving, working)
        await api.state.finish()
    await simulator.stop()
    await forgetful.stop()


def _quiet(server: uvicorn.Server, listener: socket.socket) -> Awaitable[None]:
    """The server without the signal handlers, which only a main thread may set."""
    return server._serve([listener])


async def _furnish(gateway: Gateway) -> str:
    """A channel with its key, and a user for each role."""
    now = gateway.clock.now()
    await gateway.ledger.write(add_channel, ChannelRow("aplikasi", "native", now, {}), "uji")
    made = make_credential(os.urandom(40))
    await gateway.ledger.write(add_credential, CredentialRow(made.id, "aplikasi", made.digest, now), "uji")
    hashed = hash_password(PASSWORD)
    for role in Role:
        await gateway.ledger.write(add_user, UserRow(role.value, role, hashed, now, now), "uji")
    return made.key
