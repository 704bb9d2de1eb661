"""Calls to the gateway: what goes out, and which answers mean mend it, and which try again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from adapters.simulator import Book, SimulatedAnswer, Simulator
from sp4n_gateway_client import ClientError, Gateway, Refused, SqliteStore, Unavailable, Update
from sp4n_gateway_client.example import Ministry, fetch_once, send_owed
from tests.fakes.stand import Taker
from tests.unit.clients.bodies import BODIES, SECRET, body, take

KEPT = {"event_id": "e-1", "tracking_code": "3PKR-RFPG-C6E6", "duplicate": True}
CODE = str(BODIES["created.call.json"]["tracking_code"])


@asynccontextmanager
async def standing(answer: SimulatedAnswer) -> AsyncIterator[tuple[Taker, Gateway]]:
    """A gateway that answers the same to everything."""
    app = Taker(answer)
    simulator = Simulator(app, book=Book())
    await simulator.start()
    try:
        yield app, Gateway(f"{simulator.url}/", SECRET, "desa & kota", "sgi_kunci", timeout=5.0)
    finally:
        await simulator.stop()


async def test_an_update_goes_out_signed_over_its_bytes() -> None:
    said = Update("Selesai", "Sudah é", datetime(2026, 3, 4, 9, tzinfo=UTC), 3).body()
    async with standing(SimulatedAnswer.of_json(KEPT)) as (app, gateway):
        receipt = await asyncio.to_thread(gateway.send_update, "KEM/7", "e-1", said)
    [seen] = app.seen
    assert (receipt.event_id, receipt.duplicate) == ("e-1", True)
    assert (seen.method, seen.path, seen.body) == ("POST", "/v1/cases/KEM/7/status", said)
    assert Webhook(SECRET).verify(seen.body, dict(seen.headers))["sequence"] == 3


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [(503, {"retry-after": "7"}, 7.0), (429, {}, 30.0), (500, {}, 30.0), (502, {"retry-after": "besok"}, 30.0)],
)
async def test_what_may_be_better_later_is_unavailable(status: int, headers: dict[str, str], wait: float) -> None:
    async with standing(SimulatedAnswer(status, headers, b"<h1>")) as (_, gateway):
        with pytest.raises(Unavailable) as raised:
            await asyncio.to_thread(gateway.count)
    assert raised.value.retry_after == wait


@pytest.mark.parametrize("status", [307, 400, 401, 403, 404, 409, 422])
async def test_what_stays_as_it_is_is_refused(status: int) -> None:
    async with standing(SimulatedAnswer.of_json({"detail": "tidak"}, status)) as (_, gateway):
        with pytest.raises(Refused) as raised:
            await asyncio.to_thread(gateway.acknowledge, "h-1", "K-1")
    assert (raised.value.status, "tidak" in raised.value.detail) == (status, True)


async def test_a_page_that_is_not_the_gateways_is_no_success() -> None:
    async with standing(SimulatedAnswer(200, {}, b"<h1>Selamat datang</h1>")) as (_, gateway):
        with pytest.raises(ClientError):
            await asyncio.to_thread(gateway.fetch, 0.0)


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        Gateway("http://127.0.0.1:9", SECRET).count()


async def test_a_case_is_given_back_refused_or_disclaimed_in_the_inboxes_words() -> None:
    async with standing(SimulatedAnswer.of_json({"state": "pending"})) as (app, gateway):
        await asyncio.to_thread(gateway.give_back, "h-1", 60.0)
        await asyncio.to_thread(gateway.refuse, "h-2")
        await asyncio.to_thread(gateway.disclaim, "h-3")
    assert [(seen.path, json.loads(seen.body)) for seen in app.seen] == [
        ("/v1/inbox/desa & kota/h-1/nack", {"reason": "retry", "retry_after": 60.0}),
        ("/v1/inbox/desa & kota/h-2/nack", {"reason": "refuse"}),
        ("/v1/inbox/desa & kota/h-3/nack", {"reason": "not_ours"}),
    ]
    assert {seen.headers["authorization"] for seen in app.seen} == {"Bearer sgi_kunci"}


async def test_a_case_that_comes_twice_from_an_inbox_is_kept_once(tmp_path: Path) -> None:
    lent = {
        "handoff": "h-1",
        "attempt": 1,
        "lease_until": "2026-03-02T01:25:30Z",
        "sha256": "",
        "case": json.loads(body()),
    }
    store = SqliteStore(tmp_path / "kasus.sqlite")
    async with standing(SimulatedAnswer.of_json({"messages": [lent]})) as (app, gateway):
        for _ in range(2):
            assert await asyncio.to_thread(fetch_once, Ministry(store, answers=False), gateway, 0.0) == 1
    said = [(seen.method, seen.path.rpartition("/")[2], json.loads(seen.body or b"{}")) for seen in app.seen]
    reference = store.references()["h-1"]
    assert said == [("GET", "desa & kota", {}), ("POST", "ack", {"reference": reference})] * 2


@pytest.mark.parametrize(("status", "wait", "left"), [(200, None, 0), (422, None, 0), (503, 30.0, 2)])
async def test_updates_are_sent_until_the_gateway_kept_or_refused_them(
    tmp_path: Path, status: int, wait: float | None, left: int
) -> None:
    store = SqliteStore(tmp_path / "kasus.sqlite")
    take(store, body())
    store.say(CODE, Update(status="Dalam Proses"))
    store.say(CODE, Update(status="Selesai"))
    async with standing(SimulatedAnswer.of_json(KEPT, status)) as (app, gateway):
        assert await asyncio.to_thread(send_owed, store, gateway) == wait
    assert (len(store.owed()), len(app.seen)) == (left, 1 if left else 2)
