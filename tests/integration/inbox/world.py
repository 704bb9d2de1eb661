"""A gateway with one ministry's inbox: reports come in by HTTP, the ministry fetches by HTTP."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gateway.app import Gateway, opened, worker_of
from gateway.inbox_access import make_inbox_key
from gateway.ledger.audit import verify_journal
from gateway.ledger.books import balance
from gateway.ledger.inbox_keys import add_inbox_key
from gateway.ledger.values import HandoffRow, ReportRecord
from gateway.ledger.views import show_report
from gateway.settings import load_settings
from gateway.web import api_of
from tests.integration.backends import Backend
from tests.integration.installation import make_channels, migrated

DESA = "desa"
CALLBACK_SECRET = "whsec_" + "ZGVz" * 8
CONTENT = "Jembatan gantung di Dusun {} rusak berat dan anak sekolah harus memutar enam kilometer setiap hari."
CONFIG = """\
destinations:
  desa:
    adapter: inbox
    url: inbox://desa
    options: {{lease: {lease}, batch: 5, collect_within: 60, send_files: true}}
    secrets: {{callback_secret: {callback}}}
    retry: {{quick: [50ms], longest: 1s, horizon: 60s, jitter: 0}}
{more}routes:
  default: [desa]
"""


@dataclass
class Desa:
    """The gateway, and the client of channel service and ministry in one."""

    gateway: Gateway
    api: httpx.AsyncClient
    channel_key: str
    key: str
    gateway_leaving: asyncio.Event

    @property
    def late(self) -> Any:
        """The inbox's adapter, whose patience a test may shorten."""
        return self.gateway.lines[DESA].destination

    async def post(self, number: int, **more: Any) -> str:
        """A report; its tracking code."""
        report = {"message_id": f"m{number}", "content": CONTENT.format(number)} | more
        answer = await self.api.post("/v1/reports", json=report, headers=bearer(self.channel_key))
        assert answer.status_code == 202, answer.text
        return str(answer.json()["tracking_code"])

    async def get(self, query: str = "", key: str | None = None) -> httpx.Response:
        """One request of the ministry."""
        return await self.api.get(f"/v1/inbox/{DESA}{query}", headers=bearer(key or self.key))

    async def fetch(self, query: str = "?wait=20") -> list[dict[str, Any]]:
        """The cases of one request."""
        answer = await self.get(query)
        assert answer.status_code == 200, answer.text
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    async def say(self, handoff: str, verb: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """What the ministry says of a case."""
        return await self.api.post(f"/v1/inbox/{DESA}/{handoff}/{verb}", json=body or {}, headers=bearer(self.key))

    async def record(self, code: str) -> ReportRecord:
        found = await self.gateway.ledger.read(show_report, code)
        assert found is not None
        return found

    async def handoff(self, code: str) -> HandoffRow:
        """The report's own handoff."""
        return next(row for row in (await self.record(code)).handoffs if row.kind == "report")


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@asynccontextmanager
async def desa(folder: Path, backend: Backend, *, lease: str = "300", more: str = "") -> AsyncIterator[Desa]:
    """A gateway that works; in the end its books balance and its journal explains everything."""
    config = folder / "gateway.yaml"
    config.write_text(CONFIG.format(lease=lease, more=more and f"    {more}\n", callback=CALLBACK_SECRET))
    settings = load_settings(
        config_file=config,
        data_dir=folder / "data",
        database_url=backend.database_url,
        broker_url=backend.broker_url,
        queue_prefix=backend.queue_prefix,
        gather_seconds=0,
        sweep_interval=0.05,
        checkpoint_interval=0.1,
        lease=3,
    )
    await migrated(settings)
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(opened(settings))
        channel_key = await make_channels(gateway)
        row, key = make_inbox_key(DESA, os.urandom(40), gateway.clock.now())
        await gateway.ledger.write(add_inbox_key, row, "uji")
        stop = asyncio.Event()
        worker = worker_of(gateway)
        running = asyncio.create_task(worker.run(stop))
        transport = httpx.ASGITransport(app=api_of(gateway, worker), raise_app_exceptions=False)
        api = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
        )
        try:
            yield Desa(gateway, api, channel_key, key, asyncio.Event())
        finally:
            stop.set()
            await running
        assert [row for row in await gateway.ledger.read(balance) if row.difference] == []
        found = await gateway.ledger.read(verify_journal, gateway.ring.trusted, gateway.ring.origin)
        assert found.findings == ()
