"""The demonstration from start to end: processes up, channels made, reports posted and watched, everything ended."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from adapters.contract import Call
from adapters.http import HttpClient, Limits
from adapters.simulator import Book, Simulator
from gateway.demo.channels import native_key, open_pages, whatsapp_media_address
from gateway.demo.children import Child, end_children, kill_children, start_child
from gateway.demo.people import USER, console_user
from gateway.demo.photos import MediaServer
from gateway.demo.place import HOST, PRETENDERS, Place, Pretender
from gateway.demo.samples import load_samples
from gateway.demo.sender import LATER_PAUSE, Sender
from gateway.demo.sight import Tally, look
from gateway.demo.summary import summarize
from gateway.demo.traffic import endless_postings, postings
from gateway.demo.view import View, view_for
from gateway.keyring import load_key_ring
from gateway.ledger import Ledger
from gateway.ledger.deliveries import newest_delivery
from gateway.vault import Vault
from schemas.errors import LedgerUnavailable, Misconfigured

_READY_SECONDS = 60.0
_SETTLE_SECONDS = 240.0
_END_SECONDS = 12.0
_LOOK_AGAIN = 0.5
_ASK_AGAIN = 0.1
_PROBE = Limits(connect=2.0, read=2.0, total=3.0, connections=2)


@dataclass(slots=True)
class Show:
    """What the parts of a running demonstration share. `stop` is set when it is to end."""

    place: Place
    once: bool
    pause: float
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    children: list[Child] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


async def demonstrate(place: Place, *, once: bool, pause: float) -> bool:
    """Run until Ctrl-C or SIGTERM, or with `once` until every sample is sent and settled. Returns whether all was well.

    `pause` is in seconds, between two messages of the first pass.
    Raises Misconfigured for a port that is taken or a folder that cannot be written, ChildEnded when a process ended by
    itself.
    """
    place.require_free_ports()
    place.furnish()
    show = Show(place, once, pause)
    _stop_on_signals(show)
    try:
        settled = await _perform(show)
    finally:
        await end_children(show.children[-1:], _END_SECONDS)  # the gateway first: it finishes what it is sending
        await end_children(show.children, _END_SECONDS)
    return await summarize(place, show.tally) and settled


async def _perform(show: Show) -> bool:
    place, environ = show.place, show.place.environ(os.environ)
    for pretender in PRETENDERS:
        show.children.append(await start_child(pretender.name, _arguments(place, pretender), environ, place.logs))
    show.children.append(await start_child("gateway", ["serve"], environ, place.logs))
    with view_for(_addresses(place)) as view:
        view.say("Menyalakan / Starting …")
        faces = [f"{place.address_of(each)}/_simulator/faults" for each in PRETENDERS]
        if not await _all_ready([*faces, f"{place.address}/readyz"], show):
            return True
        ledger = await Ledger.open(place.ledger_url)
        try:
            vault = Vault(load_key_ring(place.folder / "keys.json"))
            key = await native_key(ledger, vault, place.key_file)
            await console_user(ledger, place.password_file)
            await open_pages(ledger, vault, place.desk_key_file, place.open311_key_file)
            async with _media_server(await whatsapp_media_address(ledger, vault, place.media_address), place):
                view.say(f"Ctrl-C mengakhiri / ends it · sp4n-gateway --config {place.config} tail")
                return await _until_stopped(show, ledger, Sender(place.address, key, show.tally, view.say), view)
        finally:
            await ledger.close()


async def _until_stopped(show: Show, ledger: Ledger, sender: Sender, view: View) -> bool:
    """Post and watch side by side until it is time to end."""
    posting = asyncio.create_task(_post(show, sender))
    watching = asyncio.create_task(_watch(show, ledger, view, posting))
    stopping = asyncio.create_task(show.stop.wait())
    tasks = (posting, watching, stopping)
    try:
        await asyncio.wait([watching, stopping], return_when=asyncio.FIRST_COMPLETED)
        return watching.result() if watching.done() else True
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _post(show: Show, sender: Sender) -> None:
    """Every sample once; without `once` then on and on."""
    run = time.time_ns() // 1_000_000
    samples = load_samples()
    await sender.send_all(postings(samples, run, _unix_time), show.pause)
    if not show.once:
        await sender.send_all(endless_postings(samples, run, _unix_time), LATER_PAUSE)


def _unix_time() -> int:
    return int(time.time())


async def _watch(show: Show, ledger: Ledger, view: View, posting: asyncio.Task[None]) -> bool:
    """Show what happens until all postings are sent and settled; False when they do not settle in time."""
    at = await ledger.read(newest_delivery)
    deadline: float | None = None
    while True:
        _require_alive(show.children)
        with suppress(LedgerUnavailable):  # the gateway has it just now; it is looked at again
            sight = await look(ledger, at)
            at = sight.place
            view.show(sight, show.tally)
            if posting.done() and sight.pending == 0:
                posting.result()
                return True
        if posting.done():
            deadline = deadline or time.monotonic() + _SETTLE_SECONDS
            if time.monotonic() > deadline:
                return False
        await asyncio.sleep(_LOOK_AGAIN)


def _require_alive(children: Sequence[Child]) -> None:
    """Raises ChildEnded when one ended by itself."""
    for child in children:
        if (ended := child.ended()) is not None:
            raise ended


async def _all_ready(urls: Sequence[str], show: Show) -> bool:
    """Wait until all addresses answer 200; False when it is time to end before that. Raises ChildEnded."""
    client = HttpClient(_PROBE, allow_private=frozenset({HOST}))
    deadline = time.monotonic() + _READY_SECONDS
    try:
        for url in urls:
            while (await client.send(Call("GET", url, (), b"", "ready", fresh=True))).status != 200:
                if show.stop.is_set():
                    return False
                _require_alive(show.children)
                if time.monotonic() > deadline:
                    raise Misconfigured(f"{url} does not answer; look into {show.place.logs}")
                await asyncio.sleep(_ASK_AGAIN)
    finally:
        await client.aclose()
    return not show.stop.is_set()


@asynccontextmanager
async def _media_server(address: str, place: Place) -> AsyncIterator[None]:
    server = Simulator(MediaServer(address), book=Book(place.told))
    try:
        await server.start(HOST, urlsplit(address).port or 0)
    except OSError as error:
        raise Misconfigured(
            f"{address} is taken by another program, and the channel made earlier fetches its photos there: free it, "
            "or begin anew with another --data"
        ) from error
    try:
        yield
    finally:
        await server.stop()


def _arguments(place: Place, pretender: Pretender) -> list[str]:
    faults = [part for fault in pretender.faults for part in ("--fault", fault)]
    mode = ["--mode", pretender.mode] if pretender.mode else []
    where = ["--port", str(place.port_of(pretender)), "--book", str(place.book(pretender))]
    return ["simulate", pretender.kind, *where, *mode, *faults]


def _addresses(place: Place) -> list[tuple[str, str]]:
    gateway = [
        ("konsol / console", f"{place.address}/console/"),
        (f"  kata sandi / password of {USER}", str(place.password_file)),
        ("gateway", place.address),
        ("kesehatan / health", f"{place.address}/readyz"),
        ("angka / metrics", f"{place.address}/metrics"),
        ("kunci app-demo / its key", str(place.key_file)),
        ("formulir / form", f"{place.address}/lapor"),
        ("lacak / tracking", f"{place.address}/lacak"),
        ("loket / desk", f"{place.address}/loket"),
        ("kunci loket / its key", str(place.desk_key_file)),
        ("Open311", f"{place.address}/open311/v2/services.json"),
    ]
    books = [(f"buku {each.name} / its book", f"{place.address_of(each)}/_simulator/book") for each in PRETENDERS]
    return [*gateway, *books]


def _stop_on_signals(show: Show) -> None:
    """The first signal ends it in order, the second at once."""

    def stop() -> None:
        if show.stop.is_set():
            kill_children(show.children)
        show.stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
