"""A report that a ministry did not take in time is told to its channel and to operations, once for each cause."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Connection, select, update

from adapters.simulator import parse_fault
from gateway.app import keeping_of
from gateway.ledger.tables import channels, non_deliveries, notices
from gateway.receipts.undelivered import report_undelivered
from schemas.handoff import HandoffState
from tests.integration.backends import Backend
from tests.integration.installation import MINISTRY, Installation, Plan, installation

STORY = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri di luar."


def let_answer(conn: Connection) -> None:
    conn.execute(update(channels).values(answers=True))


def told(conn: Connection) -> list[str]:
    query = select(notices.c.notice_key).where(notices.c.purpose == "non_delivery")
    return [key.partition(":")[2] for key in conn.execute(query).scalars()]


def recorded(conn: Connection) -> list[str]:
    return list(conn.execute(select(non_deliveries.c.cause)).scalars())


async def refused_for_ever(it: Installation) -> str:
    [kept] = await it.post({"message_id": "1", "content": STORY})
    row = (await it.settled(kept["tracking_code"]))[MINISTRY]
    assert (row.state, row.reason) == (HandoffState.PARKED, "horizon_reached")
    return str(kept["id"])


async def test_what_is_given_up_at_its_horizon_is_reported_once_whoever_looks(tmp_path: Path, place: Backend) -> None:
    plan = Plan(ministry_faults=[parse_fault("status:status=429:method=POST:times=0")], horizon="50ms")
    async with installation(tmp_path, place, plan) as it:
        report_id = await refused_for_ever(it)
        await it.ledger.write(let_answer)
        tools = keeping_of(it.gateway)
        counts = await asyncio.gather(*(report_undelivered(tools) for _ in range(3)))
        assert (sum(counts) <= 1, await it.ledger.read(recorded)) == (True, ["horizon_reached"])
        assert await it.ledger.read(told) == ["horizon_reached"]
        assert await report_undelivered(tools) == 0
        view = (await it.api.get(f"/v1/reports/{report_id}/receipt", headers=it.bearer)).text
        assert '"standing": "parked"' in view
