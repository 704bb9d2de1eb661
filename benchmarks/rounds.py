"""One round of one system: as fast as it goes, then at a calm rate, then near its limit; everything counted."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from benchmarks.bodies import reports
from benchmarks.load import Posted, post_all, post_paced
from benchmarks.meter import cpu_seconds, used_since, watching
from benchmarks.place import DESTINATIONS, Arrived, Place, Running, wait_until_listening
from benchmarks.servers import look_at_tables

CALM_RATE = 50.0
NEAR_LIMIT = 0.8
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Load:
    """What a round posts: the same for every system."""

    reports: int = 1000
    at_once: int = 64
    warm_up: int = 100
    paced_seconds: float = 4.0
    settle_seconds: float = 6.0
    """How long it may go on after the last arrival (records, proofs, the law's clocks, which are looked at every five
    seconds) before the processor time is read: a phase pays for all that its own reports cause."""


@dataclass(frozen=True, slots=True)
class Phase:
    """What one phase came to; `cpu` in seconds for 1,000 reports by role, the others in seconds."""

    reports: int
    seconds: float
    cpu: Mapping[str, float]
    waits: tuple[float, ...]
    """From each report sent to its arrival at the second of its destinations."""
    wrong: str = ""

    @property
    def rate(self) -> float:
        """Reports a second, from the first one sent to the last one arrived."""
        return self.reports / self.seconds if self.seconds else 0.0

    def percentile(self, percent: int) -> float:
        """Seconds within which so many of a hundred reports had come to both destinations."""
        if len(self.waits) < 2:
            return 0.0
        return statistics.quantiles(self.waits, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True, slots=True)
class Round:
    """One round of one system. `memory` is the most that each role held, in bytes."""

    burst: Phase
    calm: Phase
    near_limit: Phase
    memory: Mapping[str, int] = field(default_factory=dict)

    @property
    def wrong(self) -> str:
        """What went wrong in any phase; empty when every report arrived once at each destination."""
        return "; ".join(phase.wrong for phase in (self.burst, self.calm, self.near_limit) if phase.wrong)


async def measure(place: Place, running: Running, load: Load) -> Round:
    """A round. Raises TimeoutError when the system does not come up or does not do its work."""
    await wait_until_listening(running.target.port)
    warm_up = await phase(place, running, load, load.warm_up, None)
    if warm_up.wrong:
        raise TimeoutError(f"it does not work: {warm_up.wrong}")
    if running.database_url:
        await look_at_tables(running.database_url)
    with watching(running.processes) as peak:
        burst = await phase(place, running, load, load.reports, None)
        calm = await phase(place, running, load, round(CALM_RATE * load.paced_seconds), CALM_RATE)
        rate = max(1.0, burst.rate * NEAR_LIMIT)
        near_limit = await phase(place, running, load, round(rate * load.paced_seconds), rate)
    return Round(burst, calm, near_limit, peak.held)


async def phase(place: Place, running: Running, load: Load, number: int, rate: float | None) -> Phase:
    """Post so many reports, at this rate or as fast as they are answered, and wait until all have arrived."""
    first = next(_numbers) * 1_000_000
    bodies = list(reports(first, number))
    before = cpu_seconds(running.processes)
    if rate is None:
        posted = await post_all(running.target, bodies, load.at_once)
    else:
        posted = await post_paced(running.target, bodies, rate)
    await place.sink.wait_for(len(posted.answered) * DESTINATIONS)
    await asyncio.sleep(load.settle_seconds)
    used = used_since(before, running.processes)
    arrived = await place.sink.forget()
    cpu = {role: seconds / number * 1000 for role, seconds in used.items()}
    began = min(posted.sent.values())
    waits = tuple(at - posted.sent[report] for report, at in arrived.at.items() if report in posted.sent)
    return Phase(number, max(arrived.at.values(), default=began) - began, cpu, waits, wrong(posted, arrived))


def wrong(posted: Posted, arrived: Arrived) -> str:
    """What does not fit between what was posted and what arrived; empty when all is well."""
    found = []
    if posted.refused:
        found.append(f"{posted.refused} refused: {posted.said.decode('utf-8', 'replace')}")
    if missing := len(set(posted.answered) - set(arrived.at)):
        found.append(f"{missing} accepted reports did not arrive")
    if arrived.again:
        found.append(f"{arrived.again} hand-offs came more than once")
    return ", ".join(found)
