"""`make bench`: what a report costs here and with what is usual today, in ten minutes; or one part of it by name.

`make bench ARGS="peers celery bullmq"`, `ARGS="peers none"` for the gateway alone; benchmarks/README.md names them all.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from benchmarks import growth, standing
from benchmarks.ceilings import ceilings as measure_ceilings
from benchmarks.compared import OURS, compare
from benchmarks.durable import intake as measure_intake
from benchmarks.floor import floor as measure_floor
from benchmarks.outbound import outbound as measure_outbound
from benchmarks.peer_systems import PEERS
from benchmarks.place import Place, made_place
from benchmarks.rounds import Load


def peers(place: Place, asked: argparse.Namespace) -> bool:
    """The gateway and its peers."""
    wanted = asked.names or list(PEERS)
    if unknown := set(wanted) - set(PEERS) - {"none"}:
        sys.exit(f"no peer is called {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}, and none")
    systems = OURS | {name: system for name, system in PEERS.items() if name in wanted}
    return compare(place, systems, asked.rounds, Load(reports=asked.reports))


def ceilings(place: Place, asked: argparse.Namespace) -> bool:
    """The bare ceilings."""
    measure_ceilings(place, asked.rounds, asked.reports * 2)
    return True


def floor(place: Place, asked: argparse.Namespace) -> bool:
    """What it could cost at best."""
    measure_floor(place, asked.rounds, Load(reports=asked.reports))
    return True


def intake(place: Place, asked: argparse.Namespace) -> bool:
    """Durable intake alone."""
    measure_intake(place, asked.rounds, asked.reports)
    return True


def outbound(place: Place, asked: argparse.Namespace) -> bool:
    """The HTTP client alone."""
    measure_outbound(place, asked.rounds, asked.reports * 2)
    return True


def grown(place: Place, asked: argparse.Namespace) -> bool:
    """The ledger fills."""
    growth.growth(place, asked.rounds, Load(reports=asked.reports), (5_000_000,) if asked.long else (20_000, 200_000))
    return True


def many(place: Place, asked: argparse.Namespace) -> bool:
    """More and more destinations."""
    growth.destinations(place, asked.rounds, Load(reports=asked.reports), (2, 200))
    return True


def backlog(place: Place, asked: argparse.Namespace) -> bool:
    """What waited goes out."""
    growth.drain(place, Load(reports=asked.reports), 500_000 if asked.long else 20_000)
    return True


def started(place: Place, asked: argparse.Namespace) -> bool:
    """Starting, and standing idle."""
    standing.start(place, asked.rounds)
    return True


def minutes_of(asked: argparse.Namespace) -> int:
    """How long the soak is to last."""
    return asked.minutes or (30 if asked.long else 3)


def soaked(place: Place, asked: argparse.Namespace) -> bool:
    """A long time under load."""
    return standing.soak(place, minutes_of(asked))


Part = Callable[[Place, argparse.Namespace], bool]
PARTS: dict[str, Part] = {
    "peers": peers,
    "intake": intake,
    "outbound": outbound,
    "ceilings": ceilings,
    "floor": floor,
    "growth": grown,
    "destinations": many,
    "drain": backlog,
    "start": started,
    "soak": soaked,
}
IN_TEN_MINUTES = ("peers", "intake", "outbound", "ceilings", "start")


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for; by default on the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("part", nargs="?", choices=list(PARTS), help=f"without it: {', '.join(IN_TEN_MINUTES)}")
    parser.add_argument("names", nargs="*", help="of peers: which")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured")
    parser.add_argument("--reports", type=int, default=1000, help="how many reports a round posts at full speed")
    parser.add_argument("--long", action="store_true", help="5,000,000 reports; 500,000 hand-offs; 30 minutes")
    parser.add_argument("--minutes", type=int, default=0, help="of soak: how long")
    return parser.parse_args(arguments)


def machine() -> str:
    """What this is measured on."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown")
    memory = psutil.virtual_memory().total >> 30
    return f"{psutil.cpu_count()} × {model}, {memory} GB, Python {sys.version.split()[0]}"


def main() -> int:
    """Measure what was asked for."""
    asked = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whatever was started is ended
    print(f"{machine()}; load average {psutil.getloadavg()[0]:.1f} before the start", flush=True)
    with made_place() as place:
        fine = [PARTS[part](place, asked) for part in ([asked.part] if asked.part else IN_TEN_MINUTES)]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
