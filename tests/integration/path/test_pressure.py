"""Intake takes no more before there is harm, says for how long, and goes on by itself; what got a 202 is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from gateway.ledger.destinations import pause, resume
from schemas.handoff import HandoffState
from tests.integration.backends import EMBEDDED, Backend, backend
from tests.integration.installation import SP4N, Installation, Plan, installation, until, whatsapp_text

ROAD = "Jalan di depan pasar Ujungberung nomor {0} berlubang dalam sejak bulan lalu, sudah banyak yang jatuh."


def submission(number: int) -> dict[str, Any]:
    return {"message_id": f"p{number}", "content": ROAD.format(number)}


async def test_a_disk_that_is_nearly_full_stops_intake_for_api_and_webhooks_alike(tmp_path: Path) -> None:
    plan = Plan(settings={"min_free_bytes": 1024**5})
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, plan) as it:
            posted = await it.api.post("/v1/reports", json=submission(1), headers=it.bearer)
            delivered = await it.whatsapp(whatsapp_text("A1", ROAD.format(2)))
            for answer in (posted, delivered):
                assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
                assert answer.json()["type"] == "urn:sp4n-gateway:problem:overloaded"
                assert "disk" in answer.json()["detail"]
            assert await it.books() == []


async def test_a_backlog_over_its_limit_stops_intake_until_it_is_worked_off(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, Plan(settings={"max_backlog": 3})) as it:
        now = it.gateway.clock.now()
        await it.ledger.write(pause, SP4N, "uji", "pemeliharaan", now)
        kept: list[str] = []

        async def refused() -> bool:
            answer = await it.api.post("/v1/reports", json=submission(len(kept)), headers=it.bearer)
            if answer.status_code == 202:
                kept.append(answer.json()["tracking_code"])
            return answer.status_code == 429

        await until(refused)
        assert len(kept) > 3
        await it.ledger.write(resume, SP4N, "uji", now)

        async def accepted() -> bool:
            return not await refused()

        await until(accepted)
        await _all_delivered(it, kept)


async def test_a_full_disk_under_the_ledger_loses_nothing_that_was_accepted_and_heals(tmp_path: Path) -> None:
    """SQLite may not grow any further: the same error as of a full disk (SQLITE_FULL)."""
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            before = await it.ledger.write(_grow_no_further)
            kept: list[str] = []

            async def full() -> bool:
                answer = await it.api.post("/v1/reports", json=submission(len(kept)), headers=it.bearer)
                assert answer.status_code in (202, 503), answer.text
                if answer.status_code == 202:
                    kept.append(answer.json()["tracking_code"])
                return answer.status_code == 503

            await until(full)
            for code in kept:
                assert (await it.record(code)).report.tracking_code == code
            await it.ledger.write(_grow, before)

            async def accepted() -> bool:
                return not await full()

            await until(accepted)
            await _all_delivered(it, kept)
            assert len(it.simulators.complaints()) == len(kept)


async def _all_delivered(it: Installation, codes: list[str]) -> None:
    for code in codes:
        assert (await it.settled(code))[SP4N].state is HandoffState.DELIVERED


def _grow_no_further(conn: Connection) -> int:
    most: int = conn.exec_driver_sql("PRAGMA max_page_count").scalar_one()
    pages: int = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
    conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    return most


def _grow(conn: Connection, pages: int) -> None:
    conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
