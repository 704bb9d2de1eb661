"""A report that a ministry did not take in time is told to its channel and to operations, once for each cause."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select, update

from adapters.simulator import parse_fault
from gateway.app import keeping_of
from gateway.casework import NOTICE_PART
from gateway.ledger.tables import channels, non_deliveries, notices
from gateway.ledger.values import HandoffRow
from gateway.receipts.undelivered import report_undelivered
from schemas.handoff import HandoffState
from schemas.notice import Notice
from tests.integration.backends import Backend
from tests.integration.installation import MINISTRY, Installation, Plan, installation

STORY = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri di luar."


def let_answer(conn: Connection) -> None:
    conn.execute(update(channels).values(answers=True))


def told(conn: Connection, handoff_id: UUID) -> list[str]:
    """The causes of which the channel was told; a machine in trouble may give up on the other destination, too."""
    query = select(notices.c.notice_key).where(notices.c.purpose == "non_delivery")
    keys = (key.partition(":") for key in conn.execute(query).scalars())
    return [cause for whose, _, cause in keys if whose == str(handoff_id)]


def recorded(conn: Connection, handoff_id: UUID) -> list[str]:
    return list(conn.execute(select(non_deliveries.c.cause).where(non_deliveries.c.handoff_id == handoff_id)).scalars())


def sealed(conn: Connection, handoff_id: UUID) -> bytes:
    rows = conn.execute(
        select(notices.c.sealed_notice, notices.c.notice_key).where(notices.c.purpose == "non_delivery")
    )
    return next(row.sealed_notice for row in rows if row.notice_key.startswith(str(handoff_id)))


async def words(it: Installation, row: HandoffRow) -> str:
    """The notice as the reporter reads it."""
    key = (await it.record(str(row.report_id))).key
    opened = it.gateway.vault.open_key(row.report_id, key.wrapped, key.master_key_id)
    return Notice.model_validate_json(opened.open(NOTICE_PART, await it.ledger.read(sealed, row.id))).text_id


async def refused_for_ever(it: Installation) -> HandoffRow:
    [kept] = await it.post({"message_id": "1", "content": STORY})
    row = (await it.settled(kept["tracking_code"]))[MINISTRY]
    assert (row.state, row.reason) == (HandoffState.PARKED, "horizon_reached")
    return row


async def test_what_is_given_up_at_its_horizon_is_reported_once_whoever_looks(tmp_path: Path, place: Backend) -> None:
    faults = [parse_fault("status:status=429:method=POST:times=0")]
    page = {"public_url": "https://lapor.example.go.id"}
    plan = Plan(ministry_faults=faults, horizon="50ms", settings=page)
    async with installation(tmp_path, place, plan) as it:
        row = await refused_for_ever(it)
        await it.ledger.write(let_answer)
        tools = keeping_of(it.gateway)
        await asyncio.gather(*(report_undelivered(tools) for _ in range(3)))
        assert await it.ledger.read(recorded, row.id) == ["horizon_reached"]
        assert await it.ledger.read(told, row.id) == ["horizon_reached"]
        assert (await words(it, row)).endswith("https://lapor.example.go.id/lacak")
        await report_undelivered(tools)
        assert await it.ledger.read(told, row.id) == ["horizon_reached"]
        view = (await it.api.get(f"/v1/reports/{row.report_id}/receipt", headers=it.bearer)).text
        assert '"standing": "parked"' in view
