"""What growth costs: a report in an empty ledger and in a full one, with few destinations and many, and a backlog."""

from __future__ import annotations

import asyncio
import time

import asyncpg
import uvloop

from benchmarks import product
from benchmarks.bodies import reports
from benchmarks.filling import fill
from benchmarks.load import post_all
from benchmarks.meter import cpu_seconds, used_since
from benchmarks.place import DESTINATIONS, Place, Running, wait_until_listening
from benchmarks.rounds import Load, Phase, phase
from benchmarks.table import print_table

_ROLES = ("server", "workers", "database", "broker")
_START_SECONDS = 120.0
_SETTLE_SECONDS = 1.5
_LEFT = """
SELECT (SELECT count(*) FROM attempts) + (SELECT count(*) FROM results) - coalesce((SELECT size FROM log_head), 0)
  + (SELECT count(*) FROM handoffs WHERE state = 'delivered' AND kind = 'report' AND watched_at IS NULL)
  + (SELECT count(*) FROM case_watch WHERE clocks_at <= now())"""


def growth(place: Place, rounds: int, load: Load, sizes: tuple[int, ...]) -> None:
    """A report's cost with so many reports in the ledger: at first only those of the round before."""
    lines = []
    with product.database(place) as url:
        for size in (0, *sizes):
            held = uvloop.run(fill(url, size)) if size else 0
            if held:
                print(f"{held:,} reports take {uvloop.run(_bytes(url)) / held:,.0f} bytes each", flush=True)
            with product.installed(place, "production", url) as running:
                uvloop.run(_settled(running, url))
                uvloop.run(phase(place, running, load, load.warm_up, None))
                for _ in range(rounds):
                    found = uvloop.run(phase(place, running, load, load.reports, None))
                    lines.append(_line(f"{held:,} reports in the ledger", found))
                uvloop.run(_settled(running, url))  # what is copied next has nothing left to be done
    print_table(["growth", "reports/s", "CPU-s/1,000", *_ROLES], lines)


async def _bytes(url: str) -> int:
    """How large the database is, with its indexes, on disk."""
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()


async def _settled(running: Running, url: str) -> None:
    """Return when the gateway is up and nothing is left to be done: all is in the journal, every clock was read."""
    await wait_until_listening(running.target.port)
    connection = await asyncpg.connect(url)
    began = time.monotonic()
    try:
        while (left := await connection.fetchval(_LEFT)) > 0:
            print(f"{left:,} records and cases are left to be done", flush=True)
            await asyncio.sleep(5)
    finally:
        await connection.close()
    print(f"nothing is left after {time.monotonic() - began:.0f} s", flush=True)


def destinations(place: Place, rounds: int, load: Load, numbers: tuple[int, ...]) -> None:
    """A report's cost with so many destinations configured, of which each report is owed to two."""
    lines = []
    for number in numbers:
        ports = _spread(place, number)
        with product.database(place) as url, product.installed(place, "production", url, ports) as running:
            uvloop.run(wait_until_listening(running.target.port))
            uvloop.run(phase(place, running, load, load.warm_up, None))
            for _ in range(rounds):
                found = uvloop.run(phase(place, running, load, load.reports, None))
                lines.append(_line(f"{number} destinations", found))
    print_table(["growth", "reports/s", "CPU-s/1,000", *_ROLES], lines)


def _spread(place: Place, number: int) -> dict[str, int]:
    """So many destinations on the two that there are."""
    return {f"destination-{each:03}": place.sink.ports[each % DESTINATIONS] for each in range(number)}


def drain(place: Place, load: Load, handoffs: int) -> None:
    """How fast a backlog goes out that waited in the ledger while no worker ran; beside fresh reports."""
    with product.database(place) as url:
        with product.installed(place, "production", url, workers=0) as running:
            uvloop.run(_kept(running, handoffs // DESTINATIONS))
        with product.installed(place, "production", url) as running:
            waited = uvloop.run(_drained(place, running, handoffs))
            fresh = uvloop.run(phase(place, running, load, load.reports, None))
    lines = [_line(f"{handoffs:,} hand-offs that waited", waited), _line("fresh reports, with their intake", fresh)]
    print_table(["backlog", "reports/s", "CPU-s/1,000", *_ROLES], lines)


async def _kept(running: Running, count: int) -> None:
    await wait_until_listening(running.target.port)
    posted = await post_all(running.target, list(reports(900_000_000, count)), 64)
    if posted.refused:
        raise OSError(f"{posted.refused} refused: {posted.said.decode('utf-8', 'replace')}")


async def _drained(place: Place, running: Running, handoffs: int) -> Phase:
    """What goes out from the first arrival on: starting is measured elsewhere."""
    await place.sink.wait_for(1, _START_SECONDS)
    before, already = cpu_seconds(running.processes), await place.sink.count()
    await place.sink.wait_for(handoffs)
    await asyncio.sleep(_SETTLE_SECONDS)
    used = used_since(before, running.processes)
    arrived = await place.sink.forget()
    count = handoffs // DESTINATIONS
    wrong = "" if len(arrived.at) == count and not arrived.again else f"{len(arrived.at)} of {count} reports came"
    times = arrived.at.values()
    counted = max(1, handoffs - already) / DESTINATIONS
    cpu = {role: seconds / counted * 1000 for role, seconds in used.items()}
    return Phase(count, max(times, default=0.0) - min(times, default=0.0), cpu, (), wrong)


def _line(name: str, found: Phase) -> list[str]:
    if found.wrong:
        name = f"{name} WRONG: {found.wrong}"
    figures = [found.cpu.get(role, 0.0) for role in _ROLES]
    return [name, f"{found.rate:,.0f}", f"**{sum(figures):.2f}**", *(f"{each:.2f}" for each in figures)]
