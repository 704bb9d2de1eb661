"""The gateway as it is shipped, in both ways to run it, with everything on."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import uvloop

from benchmarks.load import Target
from benchmarks.place import Place, Running
from gateway.access import make_credential
from gateway.channels import ENTROPY_BYTES
from gateway.chaos.ports import free_ports
from gateway.keyring import make_key_ring, save_key_ring
from gateway.ledger import Ledger
from gateway.ledger.channels import add_channel, add_credential
from gateway.ledger.values import ChannelRow, CredentialRow
from gateway.queue import Doorbell
from gateway.regions.book import REGENCY, upper_names

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
_TEMPLATE = "bench_template"


def configuration(ports: Mapping[str, int]) -> str:
    """A configuration file with these destinations. Two get every report; of more, each pair those of its region."""
    names = list(ports)
    entries = "".join(_DESTINATION.format(name=name, port=port) for name, port in ports.items())
    if len(names) == 2:
        return f"destinations:\n{entries}routes:\n  default: [{', '.join(names)}]\n"
    pairs = list(zip(names[::2], names[1::2], strict=True))
    regencies = sorted(code for code in upper_names() if len(code) == REGENCY)
    shares = [[f'"{code}"' for code in regencies[place :: len(pairs)]] for place in range(len(pairs))]
    rules = "".join(
        f"    - {{name: region {place}, when: {{region: [{', '.join(shares[place])}]}}, to: [{', '.join(pair)}]}}\n"
        for place, pair in enumerate(pairs)
    )
    return f"destinations:\n{entries}routes:\n  default: []\n  rules:\n{rules}"


@contextmanager
def embedded(place: Place) -> Iterator[Running]:
    """One process on SQLite."""
    with installed(place, "embedded", None) as running:
        yield running


@contextmanager
def production(place: Place) -> Iterator[Running]:
    """An HTTP face and a worker on PostgreSQL and RabbitMQ."""
    with database(place) as url, installed(place, "production", url) as running:
        yield running


@contextmanager
def database(place: Place) -> Iterator[str]:
    """A migrated, empty ledger on PostgreSQL, with RabbitMQ beside it."""
    place.servers.get("RabbitMQ")
    prepared(place, "production", place.servers.get("PostgreSQL").url)
    with place.servers.database(_TEMPLATE) as url:
        yield url


@contextmanager
def face_on_postgresql(place: Place) -> Iterator[Running]:
    """The HTTP face alone: reports are kept, and wait."""
    with database(place) as url, installed(place, "production", url, workers=0) as running:
        yield running


@contextmanager
def face_on_sqlite(place: Place) -> Iterator[Running]:
    """The same on SQLite."""
    with installed(place, "embedded", None, workers=0) as running:
        yield running


@contextmanager
def installed(
    place: Place, name: str, database_url: str | None, ports: Mapping[str, int] | None = None, *, workers: int = 1
) -> Iterator[Running]:
    """A fresh installation at work: on this database with workers of its own, or embedded; gone afterwards."""
    port, servers = free_ports(), place.servers
    with place.processes() as started:
        folder = started.folder / "data"
        shutil.copytree(prepared(place, name, None), folder)
        (folder / "gateway.yaml").write_text(configuration(ports or _to_sinks(place)), "utf-8")
        broker_url = servers.get("RabbitMQ").url if database_url else None
        environ = environment(folder, port, database_url, broker_url)
        key = (folder / "channel.key").read_text("utf-8")
        running = Running(Target(port, "/v1/reports", (("Authorization", f"Bearer {key}"),)), said=started.said)
        face = _gateway("serve", *(["--no-worker"] if database_url or not workers else []))
        running.database_url = database_url
        running.processes["server"] = [started.start("serve", face, environ)]
        if database_url:
            running.processes |= {
                "workers": [started.start(f"worker-{each}", _gateway("worker"), environ) for each in range(workers)],
                "database": [servers.get("PostgreSQL").process],
                "broker": [servers.get("RabbitMQ").process],
            }
        try:
            yield running
        finally:
            started.stop()
            if broker_url:
                Doorbell(broker_url, environ["SP4N_GATEWAY_QUEUE_PREFIX"]).delete_queue()  # else it weighs on the next


def prepared(place: Place, name: str, server_url: str | None) -> Path:
    """The folder of an installation with its keys, a migrated ledger and one channel; made once, then copied."""
    folder = place.folder / f"prepared-{name}"
    if folder.exists():
        return folder
    folder.mkdir()
    save_key_ring(make_key_ring(os.urandom), folder / "keys.json")
    if server_url:
        place.servers.administer(f'CREATE DATABASE "{_TEMPLATE}"')
    database_url = f"{server_url}/{_TEMPLATE}" if server_url else f"sqlite:///{folder / 'ledger.sqlite'}"
    (folder / "channel.key").write_text(uvloop.run(_with_channel(database_url)), "utf-8")
    return folder


async def _with_channel(database_url: str) -> str:
    """Make the tables and one channel; returns its key."""
    ledger, now, made = await Ledger.open(database_url), datetime.now(UTC), make_credential(os.urandom(ENTROPY_BYTES))
    try:
        await ledger.migrate()
        await ledger.write(add_channel, ChannelRow("bench", "native", now, {}), "bench")
        await ledger.write(add_credential, CredentialRow(made.id, "bench", made.digest, now), "bench")
    finally:
        await ledger.close()
    return made.key


def environment(folder: Path, port: int, database_url: str | None, broker_url: str | None) -> dict[str, str]:
    """The settings of an installation; what is not here is as it is shipped."""
    settings = {
        "CONFIG": str(folder / "gateway.yaml"),
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "DATABASE_URL": database_url or "",
        "BROKER_URL": broker_url or "",
        "QUEUE_PREFIX": f"bench-{uuid4().hex[:12]}",
    }
    return {f"SP4N_GATEWAY_{name}": value for name, value in settings.items() if value}


def _to_sinks(place: Place) -> dict[str, int]:
    return dict(zip(DESTINATIONS, place.sink.ports, strict=True))


def _gateway(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "gateway.cli", *arguments]
