"""The table walked at the other destinations: one case or plainly uncertain, whatever their simulators do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.destinations.lapor_xml import simulator as lapor_xml
from adapters.destinations.ministry_rest import simulator as ministry
from adapters.destinations.open311 import simulator as open311
from adapters.simulator import Book, SimulatedApp, Simulator
from gateway.app import opened, worker_of
from gateway.ledger.books import balance
from gateway.settings import load_settings
from gateway.web import api_of
from schemas.handoff import HandoffState
from tests.integration.backends import EMBEDDED, Backend, backend
from tests.integration.installation import Installation, make_channels, migrated
from tests.integration.path.test_every_fault_at_every_step import broken_promises, walk

NAME = "tujuan"
CONFIG = """\
destinations:
  tujuan:
    adapter: {adapter}
    url: {url}
    private_hosts: [127.0.0.1]
    secrets: {secrets}
    options: {options}
    limits: {{concurrency: 8}}
    timeouts: {{connect: 800ms, read: 800ms, total: 1600ms}}
    retry: {{quick: [20ms, 50ms, 100ms], longest: 200ms, horizon: 20s, jitter: 0}}
    breaker: {{pause: 20ms, longest: 50ms, row: 1000, samples: 1000}}
routes: {{default: [tujuan]}}
"""
OPEN311 = {"service_code": "LAIN", "fallback_address": "Kota Contoh", "token_delay": 0.1}
OAUTH2 = {"token_url": "/_simulator/token", "client_id": "klien:contoh"}
OWN = {"report": {"kode": "{tracking_code}", "isi": "{report.content}"}}


@dataclass(frozen=True)
class Way:
    """One destination and the path that is spoilt. `makes`: its request makes the case."""

    adapter: str
    app: SimulatedApp
    secrets: dict[str, str]
    options: dict[str, Any]
    path: str
    dedupes: bool = False
    makes: bool = True


WAYS = {
    "lapor_xml": lambda: Way("lapor_xml", lapor_xml.simulated(), {"token": "{TOKEN-UJI}"}, {}, "/addstream$"),
    "open311": lambda: Way("open311", open311.simulated(), {"api_key": "kunci-uji"}, OPEN311, "/requests"),
    "open311_token": lambda: Way(
        "open311", open311.simulated(answers="token"), {"api_key": "kunci-uji"}, OPEN311, "/tokens/", makes=False
    ),
    "ministry_oauth2_own_shape": lambda: Way(
        "ministry_rest",
        ministry.simulated(mode="neither", wants=("signature", "oauth2"), shape="own"),
        {"signing_secret": ministry.SECRET, "client_secret": "rahasia klien"},
        {"path": "/cases", "repeat": "neither", "auth": {"oauth2": OAUTH2}, "payload": OWN},
        "/cases",
    ),
}


class Taken:
    """The book of the one destination, by tracking code."""

    def __init__(self, simulator: Simulator) -> None:
        self._book = simulator.book

    def cases(self, tracking_code: str) -> list[dict[str, Any]]:
        return [entry for entry in self._book.entries if tracking_code in json.dumps(entry)]


@asynccontextmanager
async def placed(folder: Path, there: Backend, way: Way) -> AsyncIterator[tuple[Installation, Simulator]]:
    """A gateway with this destination alone; at the end the books must balance."""
    async with AsyncExitStack() as stack:
        simulator = Simulator(way.app, book=Book())
        await simulator.start()
        stack.push_async_callback(simulator.stop)
        config = folder / "gateway.yaml"
        written = {"secrets": json.dumps(way.secrets), "options": json.dumps(way.options)}
        config.write_text(CONFIG.format(adapter=way.adapter, url=simulator.url, **written), "utf-8")
        settings = load_settings(
            config_file=config,
            data_dir=folder / "data",
            database_url=there.database_url,
            broker_url=there.broker_url,
            queue_prefix=there.queue_prefix,
            gather_seconds=0,
            sweep_interval=0.05,
            grace=10,
        )
        await migrated(settings)
        gateway = await stack.enter_async_context(opened(settings))
        key, stop, worker = await make_channels(gateway), asyncio.Event(), worker_of(gateway)
        running = asyncio.create_task(worker.run(stop))
        transport = httpx.ASGITransport(app=api_of(gateway, worker), raise_app_exceptions=False)
        api = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://gateway"))
        try:
            yield Installation(gateway, Taken(simulator), api, key), simulator  # type: ignore[arg-type]
        finally:
            stop.set()
            await running
        assert [row for row in await gateway.ledger.read(balance) if row.difference] == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", WAYS)
async def test_there_is_one_case_or_it_is_plainly_uncertain(tmp_path: Path, name: str) -> None:
    way = WAYS[name]()
    with backend(EMBEDDED, tmp_path) as there:
        async with placed(tmp_path, there, way) as (it, simulator):
            seen = await walk(it, simulator, way.path, NAME)
    # A token that was refused is replaced, and the same body sent again under the same attempt.
    counted = [one for one in seen if not (name.startswith("ministry") and one.fault == "status:status=401")]
    assert broken_promises(counted, dedupes=way.dedupes, makes=way.makes) == []
    uncertain = {one.fault for one in seen if one.handoff.state is HandoffState.UNCERTAIN}
    assert bool(uncertain) == (way.makes and not way.dedupes)
