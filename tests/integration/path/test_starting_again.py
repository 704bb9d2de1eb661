"""What a process left when it ended is taken up by the next one, without waiting for what it cannot know."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from gateway.app import Gateway, opened, worker_of
from gateway.ledger.views import show_report
from gateway.web import api_of
from schemas.handoff import HandoffState
from tests.integration.backends import Backend
from tests.integration.installation import Plan, Simulators, make_channels, migrated, until, write_settings

REPORT = {"message_id": "pesan-1", "content": "Obat di puskesmas Cibiru habis sejak dua minggu, pasien beli sendiri."}


class SlowClock:
    """A clock whose hands move a millisecond whenever it is read: for it, nothing is ever long ago."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


async def test_a_ticket_that_died_with_its_process_is_rung_for_at_the_next_start(
    tmp_path: Path, place: Backend
) -> None:
    clock = SlowClock()
    async with Simulators(Plan()) as simulators:
        settings = write_settings(tmp_path, place, Plan(), simulators)
        await migrated(settings)
        async with opened(settings, clock) as gateway:
            code = await post(gateway, await make_channels(gateway))
        async with opened(settings, clock) as gateway:
            stop = asyncio.Event()
            running = asyncio.create_task(worker_of(gateway).run(stop))
            try:
                await until(lambda: _delivered(gateway, code))
            finally:
                stop.set()
                await running


async def post(gateway: Gateway, key: str, **other: str) -> str:
    """Post the report to a gateway whose doorbell nobody hears."""
    transport = httpx.ASGITransport(app=api_of(gateway, None))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as api:
        answer = await api.post("/v1/reports", json={**REPORT, **other}, headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["tracking_code"])


async def _delivered(gateway: Gateway, code: str) -> bool:
    record = await gateway.ledger.read(show_report, code)
    return record is not None and {row.state for row in record.handoffs} == {HandoffState.DELIVERED}
