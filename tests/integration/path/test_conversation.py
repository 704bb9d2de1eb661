"""A reporter is answered through a simulated vendor: acknowledged at once, asked, told how it stands."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.answering import simulator as vendors
from adapters.channels import CHANNELS
from adapters.simulator import Book, Simulator
from gateway.channels import make_channel
from gateway.cli.timeline import print_report
from gateway.ledger.channels import add_channel, close_channel
from gateway.ledger.notices import owe_notices
from gateway.notices import About, notice_of_question
from gateway.operations.documents import report_document
from gateway.owing import manner_of, owed_notice
from gateway.report_view import view_of
from schemas.handoff import HandoffState
from tests.integration.backends import Backend
from tests.integration.installation import (
    APP_SECRET,
    MINISTRY,
    VERIFY_TOKEN,
    Installation,
    Plan,
    installation,
    signature,
    until,
    whatsapp_delivery,
    whatsapp_text,
)
from tests.integration.path.test_callbacks import tell

HOLE = "Jalan berlubang besar di depan Pasar Sukamaju Kabupaten Garut, dua motor sudah jatuh. Mohon diperbaiki."
MEDICINE = "Obat di puskesmas Cibiru Kota Bandung habis sejak dua minggu, pasien disuruh beli sendiri. Mohon ditambah."
ADDRESS = "/v1/channels/wa-jawab/webhook"


@dataclass
class Talk:
    """An installation with a WhatsApp channel that answers through a simulated vendor."""

    it: Installation
    vendor: Simulator

    async def say(self, *messages: dict[str, Any]) -> None:
        await self.post(whatsapp_delivery(*messages))

    async def tell(self, *statuses: dict[str, Any]) -> None:
        """The vendor says what became of messages of ours."""
        delivery = whatsapp_delivery()
        delivery["entry"][0]["changes"][0]["value"]["statuses"] = list(statuses)
        await self.post(delivery)

    async def post(self, delivery: dict[str, Any]) -> None:
        body = json.dumps(delivery).encode()
        headers = {"x-hub-signature-256": signature(body), "content-type": "application/json"}
        answer = await self.it.api.post(ADDRESS, content=body, headers=headers)
        assert answer.status_code == 200, answer.text

    def heard(self) -> list[str]:
        """What was told, in order."""
        return [str(entry["text"]) for entry in self.vendor.book.of("message")]

    async def hears(self, count: int) -> list[str]:
        async def so_many() -> bool:
            return len(self.heard()) >= count

        await until(so_many)
        return self.heard()


def additions(it: Installation) -> list[dict[str, Any]]:
    """What the ministry was told after the case itself, in order."""
    return [entry["body"] for entry in it.simulators.ministry.book.of("addition")]


@asynccontextmanager
async def talk(folder: Path, place: Backend, **plan: Any) -> AsyncIterator[Talk]:
    vendor = Simulator(vendors.simulated(), book=Book())
    await vendor.start()
    try:
        async with installation(folder, place, Plan(**plan)) as it:
            row = make_channel(
                it.gateway.vault,
                CHANNELS["whatsapp"],
                "wa-jawab",
                secrets={"app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN, "access_token": "token-uji"},
                options={"answers": True, "graph_url": vendor.url, "private_hosts": ["127.0.0.1"]},
                now=it.gateway.clock.now(),
            )
            await it.ledger.write(add_channel, row, "uji")
            yield Talk(it, vendor)
    finally:
        await vendor.stop()


async def test_a_report_is_acknowledged_once_and_the_books_balance(tmp_path: Path, place: Backend) -> None:
    async with talk(tmp_path, place) as talking:
        for _ in range(2):
            await talking.say(whatsapp_text("A1", HOLE))
        [told] = await talking.hears(1)
        [entry] = talking.vendor.book.of("message")
        assert (entry["to"], entry["sender"]) == ("6281200000001", "1000000001")

        async def settled() -> bool:
            rows = {row.destination: row for row in await talking.it.books()}
            return "@wa-jawab" in rows and rows["@wa-jawab"].delivered == 1

        await until(settled)
        code = told.split("Kode: ")[1].split("\n")[0]
        record = await talking.it.record(code)
        [notice] = [row for row in record.handoffs if row.kind == "notice"]
        assert (notice.state, notice.reference) == (HandoffState.DELIVERED, "wamid.SIM1")
        assert [row.destination for row in await talking.it.books() if row.difference] == []
        assert len(talking.heard()) == 1


async def test_what_became_of_a_notice_at_the_reporters_end_stands_with_its_handoff(
    tmp_path: Path, place: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    async with talk(tmp_path, place) as talking:
        await talking.say(whatsapp_text("S1", HOLE))
        [told] = await talking.hears(1)
        code = told.split("Kode: ")[1].split("\n")[0]
        await talking.it.settled(code)
        for status, at in (("delivered", "1772439600"), ("read", "1772439700"), ("sent", "1772439500")):
            await talking.tell({"id": "wamid.SIM1", "status": status, "timestamp": at})
        record = await talking.it.record(code)
        [vendor] = [one["vendor"] for one in report_document(record)["handoffs"] if one["kind"] == "notice"]
        assert (vendor["purpose"], vendor["status"], vendor["error"]) == ("acknowledged", "read", None)
        print_report(record)
        assert "vendor: dibaca / vendor: read" in capsys.readouterr().out


async def test_a_conversation_from_asking_to_taking_back(tmp_path: Path, place: Backend) -> None:
    async with talk(tmp_path, place) as talking:
        await talking.say(whatsapp_text("B1", "Selamat pagi"))
        asked = (await talking.hears(1))[-1]
        assert "mohon tulis: apa yang terjadi" in asked

        await talking.say(whatsapp_text("B2", HOLE))
        acknowledged = (await talking.hears(2))[-1]
        code = acknowledged.split("Kode: ")[1].split("\n")[0]
        assert code in asked
        await talking.it.settled(code)
        filed = (await talking.it.record(code)).report
        assert (filed.region_code, filed.category_id) == ("32.05", 1397)

        await talking.say(whatsapp_text("B3", "Status?"))
        status = (await talking.hears(3))[-1]
        assert "sudah diterima SP4N-LAPOR!" in status

        await talking.say(whatsapp_text("B4", "BATAL"))
        withdrawn = (await talking.hears(4))[-1]
        assert f"kode {code}, sudah dicabut." in withdrawn
        await talking.it.settled(code)
        record = await talking.it.record(code)
        assert ("sp4n", "withdrawal") in {(row.destination, row.kind.value) for row in record.handoffs}
        assert [(row.destination, row.kind.value) for row in record.events if row.source == "reporter"] == [
            ("sp4n", "withdrawn")
        ]
        view = view_of(record)
        assert {row.kind.value for row in view.handoffs} == {"report", "withdrawal"}
        assert {(row.destination, row.kind.value) for row in view.notices} == {("@wa-jawab", "notice")}

        await talking.say(whatsapp_text("B5", code))
        assert "sudah Anda cabut" in (await talking.hears(5))[-1]
        assert len((await talking.it.record(code)).messages) == 5


async def test_notices_to_a_closed_channel_are_parked_with_the_reason(tmp_path: Path, place: Backend) -> None:
    async with talk(tmp_path, place, gather=0.0) as talking:
        vendor = talking.vendor.app
        assert isinstance(vendor, vendors.SimulatedVendors)
        vendor.refusal = (429, {"error": {"code": 130429}})
        await talking.say(whatsapp_text("C1", HOLE))

        async def tried() -> bool:
            rows = {row.destination: row for row in await talking.it.books()}
            return "@wa-jawab" in rows and bool(talking.vendor.requests)

        await until(tried)
        await talking.it.ledger.write(close_channel, "wa-jawab", "uji", talking.it.gateway.clock.now())

        async def parked() -> bool:
            rows = {row.destination: row for row in await talking.it.books()}
            return rows["@wa-jawab"].parked == 1

        await until(parked)


async def test_an_answer_to_a_question_joins_its_report_though_the_conversation_had_ended(
    tmp_path: Path, place: Backend
) -> None:
    settings = {"conversation_window": 0.0, "quiet_hours": "00:00-00:00"}
    async with talk(tmp_path, place, settings=settings) as talking:
        await talking.say(whatsapp_text("D1", HOLE))
        code = (await talking.hears(1))[0].split("Kode: ")[1].split("\n")[0]
        await talking.it.settled(code)
        record = await talking.it.record(code)
        vault = talking.it.gateway.vault
        key = vault.open_key(record.report.id, record.key.wrapped, record.key.master_key_id)
        question = notice_of_question(About(code), talking.it.gateway.clock.now(), None, "Di depan kios mana?")
        owed = owed_notice(question, record.report, key, about="event-1", manner=manner_of(talking.it.gateway.settings))
        assert await talking.it.ledger.write(owe_notices, [owed]) == [True]
        assert "Di depan kios mana?" in (await talking.hears(2))[1]

        await talking.say(whatsapp_text("D2", "Kios nomor 7"))

        joined = await talking.it.record(code)
        assert len(joined.messages) == 2
        assert [row.kind.value for row in joined.handoffs if row.destination == "sp4n"] == ["report", "addition"]


async def test_a_reporter_rates_what_an_agency_ended_and_says_that_it_is_not_solved(
    tmp_path: Path, place: Backend
) -> None:
    async with talk(tmp_path, place, settings={"quiet_hours": "00:00-00:00", "notice_burst": 0.0}) as talking:
        it = talking.it
        await talking.say(whatsapp_text("R1", MEDICINE))
        code = (await talking.hears(1))[0].split("Kode: ")[1].split("\n")[0]
        assert set(await it.settled(code)) == {"sp4n", MINISTRY}
        assert (await tell(it, code, {"status": "Selesai"})).status_code == 200
        ended = (await talking.hears(2))[-1]
        assert ("sudah selesai" in ended, "Balas BELUM SELESAI" in ended, "angka 1–5" in ended) == (True, True, True)

        for _ in range(2):
            await talking.say(whatsapp_text("R2", "2"))
        thanked = (await talking.hears(3))[-1]
        assert "Nilai Anda, 2 dari 5" in thanked
        await talking.say(whatsapp_text("R3", "Belum selesai"))
        assert f"laporan {code} kami buka kembali" in (await talking.hears(4))[-1]
        await talking.say(whatsapp_text("R4", "Kemarin masih kosong"))

        async def told_everywhere() -> bool:
            return len(it.simulators.sp4n.book.of("followup")) == 3 and len(additions(it)) == 3

        await until(told_everywhere)
        await it.settled(code)
        record = await it.record(code)

    followups = [one["fields"] for one in it.simulators.sp4n.book.of("followup")]
    assert [one["rating"] for one in followups] == ["2", "", ""]
    assert [one["messages"][0].get("rating") for one in additions(it)] == [2, None, None]
    assert [one["messages"][0]["text"] for one in additions(it)] == [
        "Nilai dari pelapor: 2 dari 5.",
        "Pelapor menyatakan laporan ini belum selesai.",
        "Kemarin masih kosong",
    ]
    said = sorted((one.destination, one.kind.value) for one in record.events if one.source == "reporter")
    assert said == [(MINISTRY, "rated"), (MINISTRY, "reopened"), ("sp4n", "rated"), ("sp4n", "reopened")]
    assert {watch.destination: watch.closed for watch in record.watches} == {MINISTRY: False, "sp4n": False}
    assert len(record.messages) == 4


async def test_a_number_or_not_solved_means_nothing_of_a_report_that_nobody_ended(
    tmp_path: Path, place: Backend
) -> None:
    async with talk(tmp_path, place) as talking:
        await talking.say(whatsapp_text("N1", HOLE))
        code = (await talking.hears(1))[0].split("Kode: ")[1].split("\n")[0]
        await talking.it.settled(code)
        await talking.say(whatsapp_text("N2", "belum selesai"))
        await talking.it.settled(code)
        record = await talking.it.record(code)
        assert [one for one in record.events if one.source == "reporter"] == []
        assert len(record.messages) == 2
