"""The floor: what a report costs before the gateway does anything of its own, only what it is built with and must do.

A route of the web framework, the reading of the text, a bare batched insert, and two calls of the HTTP client, each by
itself at its best. Beside their sum the cheapest peers as a whole: how much cheaper than they anything could be.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

import uvloop

from adapters.channels.native.adapter import NativeChannel
from adapters.contract import InboundRequest
from benchmarks.bodies import reports
from benchmarks.ceilings import echoing, insert_postgresql, posted
from benchmarks.compared import measured
from benchmarks.outbound import called_by_the_gateway
from benchmarks.peer_systems import PEERS
from benchmarks.place import DESTINATIONS, Place
from benchmarks.rounds import Load
from benchmarks.screening import NOW, said_of
from benchmarks.table import cpu, print_table, spread
from gateway.route import Rules
from schemas.screening import RouteDecision, Verdict

_RULES = Rules(version="benchmark", rules=(), default=("first", "second"))
BESIDE = ("celery", "dramatiq")


def floor(place: Place, rounds: int, load: Load) -> None:
    """Measure every part and the peers in turn; print the parts, their sum, and how many times that a peer takes."""
    parts: dict[str, Callable[[], float]] = {
        "a FastAPI route that takes the report": lambda: _route(place, load.reports * 2),
        "reading it: normalize, screen, classify, route": lambda: reading(load.reports),
        "bare batched insert, PostgreSQL": lambda: insert_postgresql(place, load.reports * 2).cpu,
        "two calls of the HTTP client": lambda: (
            DESTINATIONS * uvloop.run(called_by_the_gateway(place, load.reports)).cpu
        ),
    }
    found: dict[str, list[float]] = {name: [] for name in parts}
    peers: dict[str, list[float]] = {name: [] for name in BESIDE}
    for number in range(rounds):
        for name, part in parts.items():
            found[name].append(part())
        for name in BESIDE:
            one = measured(place, name, PEERS[name], load) if len(peers[name]) == number else None
            if one is not None:
                peers[name].append(cpu(one))
    _print(found, peers)


def reading(count: int) -> float:
    """Processor seconds for 1,000 reports from their bytes to where they go, nothing of it kept, sealed or signed."""
    channel = NativeChannel()
    bodies = [body for _, body in reports(5_000_000, count * 2)]
    for body in bodies[count:]:  # what is loaded with the first ones
        read(channel, body)
    began = time.process_time()
    for body in bodies[:count]:
        read(channel, body)
    return (time.process_time() - began) / count * 1000


def read(channel: NativeChannel, body: bytes) -> tuple[Verdict, RouteDecision]:
    """What the gateway says of the report of a request."""
    [message] = channel.parse(InboundRequest("POST", "/v1/reports", {}, {}, body, NOW))
    return said_of(message, _RULES)


def _route(place: Place, count: int) -> float:
    with echoing(place, "framework") as running:
        return uvloop.run(posted(running, count)).cpu


def _print(found: Mapping[str, list[float]], peers: Mapping[str, list[float]]) -> None:
    lines = [[name, f"{statistics.median(figures):.2f}"] for name, figures in found.items()]
    sums = [sum(one) for one in zip(*found.values(), strict=True)]
    lines.append(["**the floor**", f"**{statistics.median(sums):.2f}**"])
    print_table(["part", "CPU-s/1,000"], lines)
    beside = [
        [name, f"{statistics.median(figures):.2f}", spread([a / b for a, b in zip(figures, sums, strict=False)])]
        for name, figures in peers.items()
        if figures
    ]
    print_table(["whole system", "CPU-s/1,000", "that : the floor"], beside)
