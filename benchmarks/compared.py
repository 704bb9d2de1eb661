"""The comparison: every system in every round, one after the other, so that all meet the same weather."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import uvloop

from benchmarks import product
from benchmarks.peer_systems import Open
from benchmarks.place import Place
from benchmarks.rounds import Load, Round, measure
from benchmarks.table import cpu, print_ratios, print_systems
from gateway.chaos.servers import Unavailable

OURS: dict[str, Open] = {"gateway, PostgreSQL + RabbitMQ": product.production, "gateway, embedded": product.embedded}
LEFT_OUT = (Unavailable, TimeoutError, OSError)


def compare(place: Place, systems: Mapping[str, Open], rounds: int, load: Load) -> bool:
    """Measure these systems and print both tables. False when one of ours lost a report or handed it on twice."""
    found: dict[str, list[Round]] = {name: [] for name in systems}
    missing: set[str] = set()
    for number in range(1, rounds + 1):
        for name in systems:
            one = None if name in missing else measured(place, name, systems[name], load)
            if one is None:
                missing.add(name)
                continue
            found[name].append(one)
            print(f"round {number}: {name}: {one.burst.rate:,.0f}/s, {cpu(one):.2f} CPU-s for 1,000", flush=True)
    found = {name: of_one for name, of_one in found.items() if of_one}
    print_systems(found)
    print_ratios(found, list(OURS))
    return not any(one.wrong for name in OURS for one in found.get(name, ()))


def measured(place: Place, name: str, system: Open, load: Load) -> Round | None:
    """One round; None, and why, when the system cannot be run here."""
    said = ""
    try:
        with system(place) as running:
            try:
                return uvloop.run(measure(place, running, load))
            except LEFT_OUT:
                said = running.said()
                raise
    except LEFT_OUT as missing:
        print(f"LEFT OUT: {name}: {str(missing) or type(missing).__name__}\n{said}", file=sys.stderr, flush=True)
        return None
