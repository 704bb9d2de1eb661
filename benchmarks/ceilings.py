"""The bare ceilings: the least that a request, a commit and a call cost here, with nothing around them."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import asyncpg
import psutil
import uvloop

from benchmarks.bodies import reports
from benchmarks.load import Target, post_all
from benchmarks.meter import Processes, cpu_seconds, used_since
from benchmarks.peer_systems import UVICORN
from benchmarks.place import DESTINATIONS, Place, Running, wait_until_listening
from benchmarks.table import Measured, print_measured
from gateway.chaos.ports import free_ports

BATCH = 64
"""Rows in a commit: as many as requests under way, which is what a group commit can come to."""
_TABLES = (
    "CREATE TABLE kept (id bigint PRIMARY KEY, message_id text NOT NULL UNIQUE, body text NOT NULL)",
    "CREATE TABLE owed (id bigint PRIMARY KEY, report_id bigint NOT NULL, destination text NOT NULL)",
)
Rows = list[tuple[int, str, str]]


def ceilings(place: Place, rounds: int, count: int) -> None:
    """Measure all of them in turn and print them."""
    parts: dict[str, Callable[[Place, int], Measured]] = {
        "raw ASGI echo": echo,
        "bare batched insert, PostgreSQL": insert_postgresql,
        "bare batched insert, SQLite": insert_sqlite,
        "raw HTTP client": raw_client,
    }
    found: dict[str, list[Measured]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            found[name].append(part(place, count))
    print_measured("ceiling", found)


def echo(place: Place, count: int) -> Measured:
    """Requests a second through uvicorn alone."""
    with echoing(place) as running:
        return uvloop.run(posted(running, count))


@contextmanager
def echoing(place: Place, app: str = "app") -> Iterator[Running]:
    """An application of benchmarks.echo at work."""
    port = free_ports()
    with place.processes() as started:
        command = [sys.executable, "-m", "uvicorn", f"benchmarks.echo:{app}", "--port", str(port), *UVICORN]
        running = Running(Target(port, "/reports"), said=started.said)
        running.processes["server"] = [started.start("echo", command, {})]
        yield running


async def posted(running: Running, count: int, at_once: int = 64) -> Measured:
    """How fast so many reports are answered, after a few that warm up."""
    await wait_until_listening(running.target.port)
    numbered = list(reports(int(time.monotonic() * 1000) % 1_000_000 * 100, count + at_once))
    await post_all(running.target, numbered[count:], at_once)
    before = cpu_seconds(running.processes)
    sent = await post_all(running.target, numbered[:count], at_once)
    if sent.refused:
        raise OSError(f"{sent.refused} refused: {sent.said.decode('utf-8', 'replace')}")
    used = used_since(before, running.processes)
    return Measured(count / sent.seconds, sum(used.values()) / count * 1000)


def insert_postgresql(place: Place, count: int) -> Measured:
    """Reports a second, each with the two hand-offs that it is owed, `BATCH` in a commit."""
    with place.servers.database() as url:
        return uvloop.run(_insert_postgresql(url, count, {"database": [place.servers.get("PostgreSQL").process]}))


async def _insert_postgresql(url: str, count: int, processes: Processes) -> Measured:
    connection = await asyncpg.connect(url)
    try:
        for table in _TABLES:
            await connection.execute(table)
        before, own, began = cpu_seconds(processes), time.process_time(), time.perf_counter()
        for rows in _batches(count):
            async with connection.transaction():
                await connection.executemany("INSERT INTO kept VALUES ($1, $2, $3)", rows)
                await connection.executemany("INSERT INTO owed VALUES ($1, $2, $3)", _owed(rows))
        seconds = time.perf_counter() - began
        used = sum(used_since(before, processes).values()) + time.process_time() - own
    finally:
        await connection.close()
    return Measured(count / seconds, used / count * 1000)


def insert_sqlite(place: Place, count: int) -> Measured:
    """The same into a file, each commit synced."""
    path = Path(place.folder / "bare.sqlite")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        for table in _TABLES:
            connection.execute(table)
        own, began = time.process_time(), time.perf_counter()
        for rows in _batches(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO kept VALUES (?, ?, ?)", rows)
            connection.executemany("INSERT INTO owed VALUES (?, ?, ?)", _owed(rows))
            connection.execute("COMMIT")
        seconds, used = time.perf_counter() - began, time.process_time() - own
    path.unlink()
    return Measured(count / seconds, used / count * 1000)


def _batches(count: int) -> list[Rows]:
    rows = iter([(number, f"m{number}", body.decode()) for number, body in reports(1, count)])
    return [batch for _ in range(0, count, BATCH) if (batch := list(islice(rows, BATCH)))]


def _owed(rows: Rows) -> list[tuple[int, int, str]]:
    return [(row[0] * DESTINATIONS + each, row[0], f"d{each}") for row in rows for each in range(DESTINATIONS)]


def raw_client(place: Place, count: int) -> Measured:
    """Requests a second from a bare client to a destination, 64 at once; the client's processor time."""
    target = Running(Target(place.sink.ports[0], "/cases"), {"client": [psutil.Process()]})
    own = time.process_time()
    sent = uvloop.run(post_all(target.target, list(reports(1, count)), 64))
    used = time.process_time() - own
    uvloop.run(place.sink.forget())
    return Measured(count / sent.seconds, used / count * 1000)
