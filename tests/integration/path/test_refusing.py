"""An agency says that a case is not its matter: it goes on to the next by itself, until a person is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from gateway.app import Gateway, keeping_of, opened
from gateway.ledger.books import balance
from gateway.ledger.not_ours import list_asked, unsettled
from gateway.ledger.rerouting import give_up
from gateway.ledger.values import ReportRecord
from gateway.ledger.views import show_report
from gateway.receipts.keeping import About, keep
from gateway.receipts.refusing import RULE, refusing_of
from gateway.rerouting import Rerouting
from gateway.web import api_of
from schemas.status import CaseEvent, EventKind, EventSource
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import MINISTRY, SP4N, Plan, Simulators, make_channels, migrated, write_settings

DIRECTORY = f"""directory:
  Kementerian Kesehatan:
    destination: {MINISTRY}
    categories: [KESEHATAN]
"""
MEDICINE = "Stok vaksin anak kosong sejak dua minggu dan pasien diminta menunggu tanpa kepastian, imunisasi tertunda"


@asynccontextmanager
async def quiet(folder: Path) -> AsyncIterator[tuple[Gateway, str]]:
    """A gateway on which nothing works, with one report that SP4N is owed; the report's tracking code."""
    plan = Plan()
    with backend(EMBEDDED, folder) as place:
        async with Simulators(plan) as simulators:
            settings = write_settings(folder, place, plan, simulators)
            assert settings.config_file is not None
            settings.config_file.write_text(settings.config_file.read_text() + DIRECTORY)
            await migrated(settings)
            async with opened(settings) as gateway:
                key = await make_channels(gateway)
                transport = httpx.ASGITransport(app=api_of(gateway, None))
                async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as api:
                    body = {"message_id": "a", "content": MEDICINE, "category_id": 1461}
                    answer = await api.post("/v1/reports", json=body, headers={"authorization": f"Bearer {key}"})
                yield gateway, answer.json()["tracking_code"]
                assert [row for row in await gateway.ledger.read(balance) if row.difference] == []


async def record_of(gateway: Gateway, code: str) -> ReportRecord:
    record = await gateway.ledger.read(show_report, code)
    assert record is not None
    return record


async def refuse(gateway: Gateway, code: str, destination: str) -> None:
    """The destination says that it is not its matter, twice with the same event; then the rule acts twice."""
    record = await record_of(gateway, code)
    handoff = next(row for row in record.handoffs if row.destination == destination)
    about = About(record.report.id, handoff.id, destination, record.key)
    for _ in range(2):
        event = CaseEvent(key=f"bukan {destination}", kind=EventKind.NOT_OURS, text="bukan kewenangan kami")
        await keep(keeping_of(gateway), about, EventSource.CALLBACK, [event])
    for _ in range(2):
        await refusing_of(gateway.reviewing()).send_on()


async def test_it_goes_on_to_the_agency_of_its_category_and_then_to_a_person(tmp_path: Path) -> None:
    async with quiet(tmp_path) as (gateway, code):
        assert {row.destination for row in (await record_of(gateway, code)).handoffs} == {SP4N}
        await refuse(gateway, code, SP4N)
        record = await record_of(gateway, code)
        assert [row.destination for row in record.handoffs] == [SP4N, MINISTRY]
        assert [(one.action, one.actor, one.detail["to"]) for one in record.actions] == [("reroute", RULE, MINISTRY)]

        await refuse(gateway, code, MINISTRY)
        record = await record_of(gateway, code)
        assert len(record.handoffs) == 2
        assert [one.action for one in record.actions] == ["reroute", "reroute_asks"]
        assert [(one.tracking_code, one.destination) for one in await gateway.ledger.read(list_asked)] == [
            (code, MINISTRY)
        ]
        assert await gateway.ledger.read(unsettled, 10) == []

        now = gateway.clock.now()
        await gateway.ledger.write(give_up, record.report.id, None, "petugas", "sudah ditangani desa", now)
        assert await gateway.ledger.read(list_asked) == []


async def test_a_person_who_knows_whose_it_is_sends_it_there(tmp_path: Path) -> None:
    async with quiet(tmp_path) as (gateway, code):
        reviewing = gateway.reviewing()
        onward = Rerouting(
            reviewing.ledger, reviewing.vault, reviewing.rules, {SP4N, MINISTRY, "dinas"}, reviewing.clock
        )
        await refuse(gateway, code, SP4N)
        await refuse(gateway, code, MINISTRY)
        record = await record_of(gateway, code)
        assert await onward.reroute(record, record.handoffs[-1], "milik dinas", "petugas", "dinas") == "dinas"
        assert await gateway.ledger.read(list_asked) == []
        assert (await record_of(gateway, code)).handoffs[-1].destination == "dinas"
