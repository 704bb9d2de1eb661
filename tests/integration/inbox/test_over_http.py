"""Ministries that fetch, against a real HTTP server: what they take they have once, what they say is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn

from adapters.destinations.inbox.simulator import simulated
from gateway.web import api_of
from schemas.handoff import HandoffState
from sp4n_gateway_client import Gateway, Refused, SqliteStore, Update
from sp4n_gateway_client.example import Ministry, fetch_once, send_owed
from tests.integration.backends import Backend
from tests.integration.inbox.world import CALLBACK_SECRET, DESA, Desa, desa


@asynccontextmanager
async def served(it: Desa) -> AsyncIterator[str]:
    """The gateway's face on a port."""
    config = uvicorn.Config(api_of(it.gateway, None), port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


async def test_a_ministry_that_misbehaves_has_every_case_once(tmp_path: Path, embedded: Backend) -> None:
    async with desa(tmp_path, embedded, lease="1") as it:
        codes = [await it.post(number) for number in range(7)]
        ministry = simulated()
        await ministry.misbehave(
            "never_acknowledges",
            "dies_before_taking",
            "asks_again",
            "mumbles",
            "acknowledges_twice",
            "acknowledges_bare",
        )
        async with served(it) as url:
            while len(ministry.book) < 7 or any(
                [(await it.handoff(code)).state is not HandoffState.DELIVERED for code in codes]
            ):
                answers = await ministry.fetch(url, DESA, it.key, wait=2)
                assert answers[0].status == 200
            refused = await ministry.fetch(url, DESA, "sgk_1_2")
        await ministry.stop()
        assert [one.status for one in refused] == [401]
        assert sorted(entry["tracking_code"] for entry in ministry.book.entries) == sorted(codes)


async def test_the_client_of_ministries_fetches_acknowledges_and_says_what_became_of_it(
    tmp_path: Path, embedded: Backend
) -> None:
    store = SqliteStore(tmp_path / "kasus.sqlite")
    async with desa(tmp_path, embedded) as it, served(it) as url:
        code = await it.post(1)
        gateway = Gateway(url, CALLBACK_SECRET, DESA, it.key)
        assert await asyncio.to_thread(fetch_once, Ministry(store, answers=True), gateway, 20.0) == 1
        store.say(code, Update(status="Dalam Proses", text="Tim ke lokasi."))
        assert await asyncio.to_thread(send_owed, store, gateway) is None
        said = store.say(code, Update(text="Di sisi mana?", question=True))
        receipts = [
            await asyncio.to_thread(gateway.send_update, name, said.event_id, said.body)
            for name in (code, store.references()[str((await it.handoff(code)).id)])
        ]
        assert [receipt.duplicate for receipt in receipts] == [False, True]
        closed = Update(status="Selesai", text="Sudah diperbaiki.", sequence=9).body()
        number = str((await it.handoff(code)).id)
        receipts = [await asyncio.to_thread(gateway.send_collected, number, "u-9", closed) for _ in range(2)]
        assert [receipt.duplicate for receipt in receipts] == [False, True]
        with pytest.raises(Refused):
            await asyncio.to_thread(gateway.send_collected, str(UUID(int=7)), "u-9", closed)
        with pytest.raises(Refused):
            await asyncio.to_thread(gateway.send_collected, number, "", closed)
        assert await asyncio.to_thread(gateway.count) == (0, 0)
        handoff, record = await it.handoff(code), await it.record(code)
    assert (handoff.state, handoff.reference) == (HandoffState.DELIVERED, store.references()[str(handoff.id)])
    assert [(event.source.value, event.kind.value, event.status_name) for event in record.events] == [
        ("callback", "status", "Terverifikasi"),
        ("callback", "status", "Dalam Proses"),
        ("callback", "question", None),
        ("inbox", "status", "Selesai"),
    ]
    assert record.watches[0].closed
    assert store.owed() == [said]
