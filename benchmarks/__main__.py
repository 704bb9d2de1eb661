"""`make bench`: posts reports to a fresh installation and waits until every one was handed on to both destinations.

ARGS="--reports 20000 --database-url postgresql://… --broker-url amqp://… --workers 2" measures production. The database
must be empty: what is posted stays in it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import uvloop

from benchmarks.load import Posted, post_all, wait_until_ready
from benchmarks.place import DESTINATIONS, Installation, installed

READY_SECONDS = 60.0
STILL_SECONDS = 60.0


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--reports", type=int, default=5000, help="how many reports")
    parser.add_argument("--at-once", type=int, default=64, help="how many requests at once")
    parser.add_argument("--workers", type=int, default=0, help="workers of their own; 0: the HTTP face works too")
    parser.add_argument("--database-url", help="an empty PostgreSQL database; SQLite without it")
    parser.add_argument("--broker-url", help="RabbitMQ; in memory without it")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and fail when a report is missing or came twice."""
    asked = options()
    with (
        tempfile.TemporaryDirectory(prefix="sp4n-gateway-bench-") as folder,
        installed(Path(folder), asked.database_url, asked.broker_url, asked.workers) as installation,
    ):
        installation.run("migrate")
        installation.run("keys", "make")
        key = installation.run("channel", "add", "bench").splitlines()[-1].strip()
        installation.start_all()
        return uvloop.run(measure(installation, key, asked.reports, asked.at_once))


async def measure(installation: Installation, key: str, reports: int, at_once: int) -> int:
    """Post, wait until all has arrived, and say how it went."""
    await wait_until_ready(installation.address, READY_SECONDS)
    before = installation.cpu_seconds()
    began = time.perf_counter()
    posted = await post_all(installation.address, key, reports, at_once)
    await all_arrived(installation, reports)
    seconds = time.perf_counter() - began
    print_intake(posted)
    handed_on = sum(installation.taken(name) for name in DESTINATIONS)
    cpu = (installation.cpu_seconds() - before) / reports * 1000
    say("handed on", f"{handed_on} handoffs, {handed_on / seconds:,.0f} a second, all after {seconds:.1f} s")
    say("processor", f"{cpu:.2f} s for 1,000 reports")
    wrong = {name: told for name in DESTINATIONS if (told := miscounted(installation, name, reports))}
    for name, told in wrong.items():
        print(f"WRONG: {name}: {told}", file=sys.stderr)
    return 1 if wrong or posted.refused else 0


async def all_arrived(installation: Installation, reports: int) -> None:
    """Return when both destinations took every report, or when nothing has arrived for a while."""
    seen, since = -1, time.monotonic()
    while True:
        taken = sum(installation.taken(name) for name in DESTINATIONS)
        if taken >= reports * len(DESTINATIONS) or time.monotonic() - since > STILL_SECONDS:
            return
        if taken != seen:
            seen, since = taken, time.monotonic()
        await asyncio.sleep(0.05)


def miscounted(installation: Installation, destination: str, reports: int) -> str | None:
    """What is wrong with a destination's book: reports that are missing, or came twice."""
    lines = installation.book(destination).read_text("utf-8").splitlines()
    codes = Counter(_tracking_code(json.loads(line)) for line in lines)
    twice = sum(1 for count in codes.values() if count > 1)
    if len(codes) == reports and not twice:
        return None
    return f"{reports - len(codes)} reports are missing, {twice} came more than once"


def _tracking_code(entry: dict[str, object]) -> object:
    return entry.get("tracking_code") or entry


def print_intake(posted: Posted) -> None:
    """Throughput and latency as the senders saw them."""
    count = len(posted.answers)
    say("taken in", f"{count} reports, {count / posted.seconds:,.0f} a second; {posted.refused} refused")
    if count >= 2:
        percentiles = statistics.quantiles(posted.answers, n=100, method="inclusive")
        say("answered", f"half within {percentiles[49] * 1000:.1f} ms, 99 % within {percentiles[98] * 1000:.1f} ms")


def say(what: str, told: str) -> None:
    """One line of the result."""
    print(f"{what:10} {told}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
