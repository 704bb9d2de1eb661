"""What the gateway costs apart from its work: starting, standing idle, and standing for a long time under load."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time

import uvloop

from benchmarks import product
from benchmarks.bodies import reports
from benchmarks.load import post_paced
from benchmarks.meter import cpu_seconds, memory_bytes, used_since
from benchmarks.peer_systems import Open
from benchmarks.place import DESTINATIONS, ROOT, Place, Running, wait_until_listening
from benchmarks.rounds import NEAR_LIMIT, Load, phase
from benchmarks.table import print_table

IDLE_SECONDS = 10.0
_IMPORT_LINE = re.compile(r"import time: +(\d+) \| +(\d+) \| ( *)(\S+)")
_SHOWN = 15
_MEBI = 1 << 20


def start(place: Place, rounds: int) -> None:
    """Seconds from a process's birth until it listens, processor time of that and of standing idle, and imports."""
    systems: dict[str, Open] = {"embedded": product.embedded, "PostgreSQL + RabbitMQ": product.production}
    lines = []
    for name, system in systems.items():
        found = [_started(place, system) for _ in range(rounds)]
        lines.append([name, *(f"{statistics.median(figures):.3f}" for figures in zip(*found, strict=True))])
    print_table(["start of `serve`", "listens after s", "CPU-s until then", "idle: CPU-s a minute"], lines)
    print_imports()


def _started(place: Place, system: Open) -> tuple[float, float, float]:
    began = time.monotonic()
    with system(place) as running:
        uvloop.run(wait_until_listening(running.target.port))
        seconds, used = time.monotonic() - began, cpu_seconds(running.processes)["server"]
        time.sleep(IDLE_SECONDS)  # whatever follows a start comes to rest
        before = cpu_seconds(running.processes)
        time.sleep(IDLE_SECONDS)
        idle = sum(used_since(before, running.processes).values())
    return seconds, used, idle / IDLE_SECONDS * 60


def print_imports() -> None:
    """The packages that take longest to import, with what they import in their turn."""
    command = [sys.executable, "-X", "importtime", "-c", "import gateway.serving"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    found = [(int(line[2]), line[4]) for line in _IMPORT_LINE.finditer(said)]
    lines = [[f"`{name}`", f"{took / 1000:.0f}"] for took, name in sorted(found, reverse=True)[:_SHOWN]]
    print_table(["import, with what it imports", "ms"], lines)


def soak(place: Place, minutes: int) -> bool:
    """80 % of what it can, for so long, in production; memory by role every minute. False when something was lost."""
    with product.production(place) as running:
        return uvloop.run(_soaked(place, running, minutes))


async def _soaked(place: Place, running: Running, minutes: int) -> bool:
    await wait_until_listening(running.target.port)
    load = Load()
    await phase(place, running, load, load.warm_up, None)
    rate = (await phase(place, running, load, load.reports, None)).rate * NEAR_LIMIT
    print(f"{rate:,.0f} reports a second for {minutes} minutes", flush=True)
    accepted = 0
    for minute in range(1, minutes + 1):
        bodies = list(reports(500_000_000 + minute * 1_000_000, round(rate * 60)))
        posted = await post_paced(running.target, bodies, rate)
        accepted += len(posted.answered)
        held = {role: f"{size / _MEBI:.0f} MB" for role, size in memory_bytes(running.processes).items()}
        print(f"minute {minute}: {len(posted.answered)} accepted, {posted.refused} refused, {held}", flush=True)
    await place.sink.wait_for(accepted * DESTINATIONS)
    arrived = await place.sink.forget()
    print(f"{accepted} accepted, {len(arrived.at)} came to both destinations, {arrived.again} came again", flush=True)
    return len(arrived.at) == accepted and not arrived.again
