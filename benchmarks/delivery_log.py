"""How long the delivery log takes with its filters, alone and all together: `python -m benchmarks.delivery_log URL`.

URL is an empty PostgreSQL database, `postgresql://user@host/name`. It is filled inside the server, which takes a minute
or two, and stays as it is: given again, it is only measured. Fails when a look takes longer than 200 ms.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from uuid import UUID

import uvloop

from benchmarks.delivery_log_rows import APART, BEGAN, CODE, KINDS, fill
from gateway.ledger import Ledger
from gateway.ledger.delivery_log import read_log
from gateway.ledger.log_filter import LogFilter
from gateway.ledger.queues import causes
from gateway.ledger.reporters import reports_of
from gateway.ledger.views import reports_named
from schemas.handoff import HandoffState, OutcomeKind
from schemas.ids import uuid7

LIMIT_MS = 200.0
PAGE = 51
SLOWEST = 10
SOMEBODY = bytes.fromhex("a5bfc9e07964f8dddeb95fc584cd965d")  # md5 of 37
"""Somebody who reported several times: one of those that the tables are filled with."""
VALUES = {
    "destination": (None, "sp4n", "pupr", "rare", "gone"),
    "channel": (None, "channel-0", "channel-1", "walk-in", "closed-long-ago"),
    "state": (None, *HandoffState),
    "outcome": (None, *OutcomeKind),
    "reason": (None, "http_201", "http_422", "tls_failed", "time"),
}

Look = Callable[[Ledger], Awaitable[object]]


def looks(total: int) -> dict[str, Look]:
    """What is looked at by itself, by name; of the filters, those that stand alone."""
    end = BEGAN + total * APART
    found: dict[str, Look] = {}
    for name, values in VALUES.items():
        found |= {f"{name} {value}": _page(LogFilter(**{name: value})) for value in values[1:]}
    found["no filter"] = _page(LogFilter())
    found["no filter, halfway down"] = _page(LogFilter(), uuid7(BEGAN + total // 2 * APART, bytes(10)))
    found["a day"] = _page(LogFilter(since=end - timedelta(days=6), until=end - timedelta(days=5)))
    found["tracking code"] = lambda ledger: _reports(ledger, CODE)
    found["reference"] = lambda ledger: _reports(ledger, "R65432")
    found["reporter"] = _reporter
    found["parked by cause"] = lambda ledger: ledger.read(causes, HandoffState.PARKED)
    return found


def together() -> Iterator[tuple[str, Look]]:
    """Every combination of two filters and more."""
    for values in itertools.product(*VALUES.values()):
        given = {name: value for name, value in zip(VALUES, values, strict=True) if value is not None}
        if len(given) > 1:
            yield ", ".join(f"{name} {value}" for name, value in given.items()), _page(LogFilter(**given))


def _page(wanted: LogFilter, before: UUID | None = None) -> Look:
    return lambda ledger: ledger.read(read_log, wanted, before, PAGE)


async def _reports(ledger: Ledger, text: str) -> object:
    ids = tuple(await ledger.read(reports_named, text))
    return await ledger.read(read_log, LogFilter(report_ids=ids), None, PAGE)


async def _reporter(ledger: Ledger) -> object:
    ids = tuple(await ledger.read(reports_of, SOMEBODY, 500))
    return await ledger.read(read_log, LogFilter(report_ids=ids), None, PAGE)


async def timed(ledger: Ledger, look: Look) -> tuple[float, int]:
    """How many milliseconds a look took, and how many rows it gave."""
    began = time.perf_counter()
    found = await look(ledger)
    return (time.perf_counter() - began) * 1000, len(found) if isinstance(found, list) else 0


async def median(ledger: Ledger, look: Look) -> float:
    """Of three looks."""
    return statistics.median([(await timed(ledger, look))[0] for _ in range(3)])


async def measure(url: str, kind: str, total: int) -> int:
    """Fill, then look with each filter three times and print the median; then with all that go together."""
    ledger = await Ledger.open(url)
    slow = 0
    try:
        await ledger.migrate()
        await fill(url, KINDS[kind], total)
        for name, look in looks(total).items():
            took, rows = await median(ledger, look), (await timed(ledger, look))[1]
            slow += took > LIMIT_MS
            print(f"{name:28} {took:7.1f} ms  {rows:3} rows", flush=True)
        slow += await measure_together(ledger)
    finally:
        await ledger.close()
    return 1 if slow else 0


async def measure_together(ledger: Ledger) -> int:
    """Look once with each combination, and three times where that was slow; print the slowest. Returns how many are."""
    took: dict[str, float] = {}
    for name, look in together():
        took[name], _ = await timed(ledger, look)
        if took[name] > LIMIT_MS:
            took[name] = await median(ledger, look)
    slow = sum(each > LIMIT_MS for each in took.values())
    print(f"{len(took)} combinations, {slow} over {LIMIT_MS:g} ms, median {statistics.median(took.values()):.1f} ms")
    for name in sorted(took, key=took.__getitem__, reverse=True)[:SLOWEST]:
        print(f"{took[name]:7.1f} ms  {name}")
    return slow


def main() -> int:
    """Measure the database that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivery_log", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--rows", choices=sorted(KINDS), default="even", help="how the rows are spread")
    parser.add_argument("--attempts", type=int, default=1_000_000, help="how many there are")
    given = parser.parse_args()
    return uvloop.run(measure(given.url, given.rows, given.attempts))


if __name__ == "__main__":
    sys.exit(main())
