"""A ledger that is put back from a backup: what was delivered since is not sent twice, and nothing is taken as sent."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from gateway.app import Gateway, opened, worker_of
from gateway.ledger.restoring import mark_restored
from gateway.ledger.values import HandoffRow
from gateway.ledger.views import show_report
from gateway.lifecycle import LEDGER_RESTORED
from gateway.resolving import Settler, resolve_handoff
from gateway.settings import Settings
from schemas.handoff import Evidence, HandoffState
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
