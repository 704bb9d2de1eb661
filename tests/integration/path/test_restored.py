"""A ledger that is put back from a backup: what was delivered since is not sent twice, and nothing is taken as sent."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, delete, func, select

from gateway.alerts.conditions import Condition, Kind, Limits, conditions
from gateway.alerts.words import explained
from gateway.app import Gateway, opened, worker_of
from gateway.ledger.alerts import alert_sight
from gateway.ledger.destinations import list_destinations
from gateway.ledger.restoring import WENT_BACK_RULE, mark_restored
from gateway.ledger.tables import handoffs, reports, workers
from gateway.ledger.values import HandoffRow
from gateway.ledger.views import show_report
from gateway.lifecycle import LEDGER_RESTORED
from gateway.resolving import Settler, resolve_handoff
from gateway.settings import Settings
from gateway.tidemark import decoded
from gateway.web import api_of
from schemas.handoff import Evidence, HandoffState
from schemas.ids import new_id
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import (
    MINISTRY,
    SP4N,
    Plan,
    Simulators,
    make_channels,
    until,
    write_settings,
)
from tests.integration.path.test_starting_again import post


@asynccontextmanager
async def at_work(settings: Settings) -> AsyncIterator[Gateway]:
    """The gateway with a worker."""
    async with opened(settings) as gateway:
        stop = asyncio.Event()
        running = asyncio.create_task(worker_of(gateway).run(stop))
        try:
            yield gateway
        finally:
            stop.set()
            await running


async def rows_of(gateway: Gateway, code: str) -> dict[str, HandoffRow]:
    record = await gateway.ledger.read(show_report, code)
    assert record is not None
    return {row.destination: row for row in record.handoffs}


async def come_to(gateway: Gateway, code: str, **states: HandoffState) -> dict[str, HandoffRow]:
    """The handoffs once they stand so."""

    async def so() -> bool:
        return {name: row.state for name, row in (await rows_of(gateway, code)).items()} == states

    await until(so)
    return await rows_of(gateway, code)


def copied(source: Path, target: Path) -> None:
    """As `sqlite3 source ".backup target"` does it."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


@pytest.mark.parametrize(
    ("mode", "evidence", "calls"),
    [("dedupes", Evidence.REFERENCED, ["POST", "POST"]), ("lookup", Evidence.RECONCILED, ["POST", "GET"])],
)
async def test_what_was_delivered_after_the_backup_is_not_doubled(
    tmp_path: Path, mode: str, evidence: Evidence, calls: list[str]
) -> None:
    saved = tmp_path / "saved.sqlite"
    with backend(EMBEDDED, tmp_path) as place:
        async with Simulators(Plan()) as simulators:
            settings = write_settings(tmp_path, place, Plan(mode=mode), simulators)
            ledger = Path(settings.ledger_url.removeprefix("sqlite:///"))
            async with opened(settings) as gateway:
                code = await post(gateway, await make_channels(gateway))
            copied(ledger, saved)
            async with at_work(settings) as gateway:
                await come_to(gateway, code, sp4n=HandoffState.DELIVERED, kemenkes=HandoffState.DELIVERED)
            copied(saved, ledger)
            async with opened(settings) as gateway:
                await gateway.ledger.write(mark_restored, "uji", gateway.clock.now())
            async with at_work(settings) as gateway:
                rows = await come_to(gateway, code, sp4n=HandoffState.UNCERTAIN, kemenkes=HandoffState.DELIVERED)
                assert rows[MINISTRY].evidence is evidence
                assert (rows[SP4N].reason, rows[SP4N].uncertain_step) == (LEDGER_RESTORED, "complaint")
                await settle(gateway, rows[SP4N], str(simulators.complaints(code)[0]["id"]))
                rows = await come_to(gateway, code, sp4n=HandoffState.DELIVERED, kemenkes=HandoffState.DELIVERED)
                assert rows[SP4N].evidence is Evidence.CONFIRMED
            assert [one.method for one in simulators.ministry.requests] == calls
            assert (len(simulators.cases(code)), len(simulators.complaints(code))) == (1, 1)
            passed_on = Counter(entry["complaint_id"] for entry in simulators.sp4n.book.of("pass_on"))
            assert list(passed_on.values()) == [1]


async def settle(gateway: Gateway, row: HandoffRow, reference: str) -> None:
    """A person looked it up at the destination: it had arrived, under this number."""
    destinations = {name: line.destination for name, line in gateway.lines.items()}
    settler = Settler(gateway.ledger, gateway.vault, destinations, "ani", gateway.clock.now())
    await resolve_handoff(settler, row, arrived=True, reference=reference)


async def test_an_older_ledger_is_noticed_by_itself_and_nothing_is_sent_until_it_is_said(
    tmp_path: Path,
) -> None:
    saved = tmp_path / "saved.sqlite"
    with backend(EMBEDDED, tmp_path) as place:
        async with Simulators(Plan()) as simulators:
            settings = write_settings(tmp_path, place, Plan(mode="lookup"), simulators)
            ledger = Path(settings.ledger_url.removeprefix("sqlite:///"))
            async with opened(settings) as gateway:
                code = await post(gateway, key := await make_channels(gateway))
            copied(ledger, saved)
            async with at_work(settings) as gateway:
                await come_to(gateway, code, sp4n=HandoffState.DELIVERED, kemenkes=HandoffState.DELIVERED)
                await gateway.history.look()
                assert await gateway.history.told() is None
            before = len(simulators.ministry.requests), len(simulators.sp4n.requests)
            copied(saved, ledger)
            async with at_work(settings) as gateway:
                told = await gateway.history.told()
                assert told is not None
                assert "sp4n-gateway restored" in told
                newer = await post(gateway, key, message_id="pesan-kedua")  # what comes in is kept
                await stand_still(gateway)
                for each in (code, newer):
                    rows = await rows_of(gateway, each)
                    assert {row.state for row in rows.values()} == {HandoffState.PENDING}
                assert (len(simulators.ministry.requests), len(simulators.sp4n.requests)) == before
                [alert] = [one for one in await conditions_of(gateway) if one.kind is Kind.LEDGER_WENT_BACK]
                assert "restored" in explained(alert.kind, alert.subject, alert.detail)["todo"]["en"]
            async with opened(settings) as gateway:
                await gateway.ledger.write(mark_restored, "uji", gateway.clock.now())
            async with at_work(settings) as gateway:
                assert await gateway.history.told() is None
                await come_to(gateway, code, sp4n=HandoffState.UNCERTAIN, kemenkes=HandoffState.DELIVERED)
            assert (len(simulators.cases(code)), len(simulators.complaints(code))) == (1, 1)


async def test_a_ledger_that_went_back_under_a_running_process_is_noticed_too(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with Simulators(Plan()) as simulators:
            settings = write_settings(tmp_path, place, Plan(), simulators)
            async with opened(settings) as gateway:
                await post(gateway, await make_channels(gateway))
                await gateway.history.look()
                await gateway.ledger.write(lose_reports)
                await gateway.history.look()
                paused = {row.name: row.paused_by for row in await gateway.ledger.read(list_destinations)}
                assert paused == dict.fromkeys((SP4N, MINISTRY), WENT_BACK_RULE)
                answer = await readiness(gateway)
                assert (answer.status_code, answer.json()["status"]) == (200, "ready")
                assert "sp4n-gateway restored" in answer.json()["parts"]["history"]


async def test_a_mark_that_cannot_be_read_or_kept_stops_nothing(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with Simulators(Plan()) as simulators:
            settings = write_settings(tmp_path, place, Plan(), simulators)
            mark = settings.data_dir / "ledger.seen.json"
            async with opened(settings) as gateway:
                mark.write_text("nonsense")
                await gateway.history.look()
                assert decoded(mark.read_bytes()).size == 0
                mark.unlink()
                mark.mkdir()
                await gateway.history.look()
                assert await gateway.history.told() is None


async def test_tickets_and_callbacks_about_what_the_ledger_does_not_know_are_told(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with Simulators(Plan()) as simulators:
            settings = write_settings(tmp_path, place, Plan(), simulators)
            async with at_work(settings) as gateway:
                code = await post(gateway, await make_channels(gateway))
                await come_to(gateway, code, sp4n=HandoffState.DELIVERED, kemenkes=HandoffState.DELIVERED)
                await gateway.history.look()
                assert await gateway.history.told() is None  # the tickets so far were of handoffs that are there
                gateway.doorbell.ring(SP4N, [new_id(gateway.clock.now())])

                async def told() -> bool:
                    await gateway.history.look()
                    return "tickets ring" in str(await gateway.history.told())

                await until(told)
                gateway.history.note_stranger(MINISTRY)
                assert f"{MINISTRY} tells of a case" in str(await gateway.history.told())
                assert {row.paused_at for row in await gateway.ledger.read(list_destinations)} <= {None}


def lose_reports(conn: Connection) -> None:
    conn.execute(delete(handoffs))
    conn.execute(delete(reports))


async def stand_still(gateway: Gateway) -> None:
    """Several sweeps pass."""
    beaten = await gateway.ledger.read(beats)

    async def has_swept() -> bool:
        return await gateway.ledger.read(beats) > beaten + 1

    await until(has_swept)


def beats(conn: Connection) -> int:
    return conn.execute(select(func.max(workers.c.beats))).scalar_one()


async def conditions_of(gateway: Gateway) -> list[Condition]:
    now = gateway.clock.now()
    return conditions(await gateway.ledger.read(alert_sight, now, gateway.ring.origin), Limits())


async def readiness(gateway: Gateway) -> httpx.Response:
    transport = httpx.ASGITransport(app=api_of(gateway, None), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as api:
        return await api.get("/readyz")
