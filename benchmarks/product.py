"""The gateway as it is shipped, in both ways to run it, with everything on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from kombu import Connection

from benchmarks.load import Target
from benchmarks.place import ROOT, Place, Running
from gateway.chaos.servers import free_port

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
    """A configuration file with these destinations, each of which gets every report."""
    entries = "".join(_DESTINATION.format(name=name, port=port) for name, port in ports.items())
    return f"destinations:\n{entries}routes:\n  default: [{', '.join(ports)}]\n"


@contextmanager
def embedded(place: Place) -> Iterator[Running]:
    """One process on SQLite."""
    with installed(place, "embedded", None) as running:
        yield running


@contextmanager
def production(place: Place) -> Iterator[Running]:
    """An HTTP face and a worker on PostgreSQL and RabbitMQ."""
    place.servers.get("RabbitMQ")
    prepared(place, "production", place.servers.get("PostgreSQL").url)
    with place.servers.database(_TEMPLATE) as url, installed(place, "production", url) as running:
        yield running


@contextmanager
def face_on_postgresql(place: Place) -> Iterator[Running]:
    """The HTTP face alone: reports are kept, and wait."""
    place.servers.get("RabbitMQ")
    prepared(place, "production", place.servers.get("PostgreSQL").url)
    with place.servers.database(_TEMPLATE) as url, installed(place, "production", url, workers=0) as running:
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
    port, servers = free_port(), place.servers
    with place.processes() as started:
        folder = started.folder / "data"
        shutil.copytree(prepared(place, name, None), folder)
        (folder / "gateway.yaml").write_text(configuration(ports or _to_sinks(place)), "utf-8")
        broker_url = servers.get("RabbitMQ").url if database_url else None
        environ = environment(folder, port, database_url, broker_url)
        key = (folder / "channel.key").read_text("utf-8")
        running = Running(Target(port, "/v1/reports", (("Authorization", f"Bearer {key}"),)), said=started.said)
        face = _gateway("serve", *(["--no-worker"] if database_url or not workers else []))
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
                _delete_queues(broker_url, environ["SP4N_GATEWAY_QUEUE_PREFIX"], ports or DESTINATIONS)


def prepared(place: Place, name: str, server_url: str | None) -> Path:
    """The folder of an installation with its keys, a migrated ledger and one channel; made once, then copied."""
    folder = place.folder / f"prepared-{name}"
    if folder.exists():
        return folder
    folder.mkdir()
    (folder / "gateway.yaml").write_text(configuration(_to_sinks(place)), "utf-8")
    database_url = None
    if server_url:
        place.servers.administer(f'CREATE DATABASE "{_TEMPLATE}"')
        database_url = f"{server_url}/{_TEMPLATE}"
    environ = environment(folder, 0, database_url, None)
    _run(environ, "migrate")
    _run(environ, "keys", "make")
    key = _run(environ, "channel", "add", "bench").splitlines()[-1].strip()
    (folder / "channel.key").write_text(key, "utf-8")
    return folder


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


def _run(environ: Mapping[str, str], *arguments: str) -> str:
    command = _gateway(*arguments)
    done = subprocess.run(command, env={**os.environ, **environ}, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def _delete_queues(broker_url: str, prefix: str, destinations: Mapping[str, int] | tuple[str, ...]) -> None:
    """The broker keeps queues that nobody will use again; they would weigh on the systems measured after this one."""
    with Connection(broker_url) as connection, connection.channel() as channel:
        for destination in destinations:
            channel.queue_delete(f"{prefix}.{destination}")
