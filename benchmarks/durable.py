"""Durable intake alone: reports that are kept, nothing forwarded; beside the usual way and the bare insert."""

from __future__ import annotations

from collections.abc import Callable

import uvloop

from benchmarks import product
from benchmarks.ceilings import insert_postgresql, insert_sqlite, posted
from benchmarks.compared import LEFT_OUT
from benchmarks.peer_systems import Open, sqlalchemy_intake
from benchmarks.place import Place
from benchmarks.table import Measured, print_measured


def intake(place: Place, rounds: int, count: int) -> None:
    """Measure each in turn and print them."""

    def system(opened: Open) -> Measured:
        with opened(place) as running:
            return uvloop.run(posted(running, count))

    parts: dict[str, Callable[[], Measured]] = {
        "gateway, PostgreSQL": lambda: system(product.face_on_postgresql),
        "gateway, SQLite": lambda: system(product.face_on_sqlite),
        "FastAPI + SQLAlchemy, PostgreSQL": lambda: system(sqlalchemy_intake),
        "bare batched insert, PostgreSQL": lambda: insert_postgresql(place, count),
        "bare batched insert, SQLite": lambda: insert_sqlite(place, count),
    }
    found: dict[str, list[Measured]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            try:
                found[name].append(part())
            except LEFT_OUT as missing:
                print(f"LEFT OUT: {name}: {missing}", flush=True)
    print_measured("durable intake, 64 in flight", found)
