"""From a citizen's message to a recorded hand-off at SP4N-LAPOR! and at a ministry, on both backends."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.ledger.audit import verify_journal
from gateway.ledger.log_reading import latest_checkpoint
from gateway.ledger.set_aside import list_parked
from schemas.handoff import Evidence, HandoffKind, HandoffState
from tests.integration.backends import Backend
from tests.integration.installation import (
    MINISTRY,
    SP4N,
    Installation,
    Plan,
    installation,
    signature,
    until,
    whatsapp_delivery,
    whatsapp_text,
)

HEALTH = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri di luar."
ROAD = "Jalan di depan pasar Ujungberung berlubang dalam sejak bulan lalu, sudah banyak yang jatuh."


def submission(message_id: str = "pesan-1", content: str = HEALTH, **more: Any) -> dict[str, Any]:
    return {"message_id": message_id, "content": content, **more}


async def test_a_posted_report_becomes_one_complaint_and_one_case_with_receipts(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        [accepted] = await it.post(submission())
        handoffs = await it.settled(accepted["tracking_code"])
        [complaint] = it.simulators.complaints(accepted["tracking_code"])
        [case] = it.simulators.cases(accepted["tracking_code"])
        assert {row.state for row in handoffs.values()} == {HandoffState.DELIVERED}
        assert {row.evidence for row in handoffs.values()} == {Evidence.REFERENCED}
        assert handoffs[MINISTRY].reference == case["reference"]
        assert handoffs[SP4N].reference == str(complaint["id"])
        record = await it.record(accepted["tracking_code"])
        assert [one.step for one in record.attempts if one.destination == SP4N] == ["complaint", "pass_on"]


async def test_a_whatsapp_message_takes_the_same_way(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        answer = await it.whatsapp(whatsapp_text("A1", HEALTH))
        assert answer.status_code == 200
        await until(lambda: _both_have(it, 1))
        handoffs = await it.settled(it.simulators.cases()[0]["tracking_code"])
        assert {row.state for row in handoffs.values()} == {HandoffState.DELIVERED}


async def _both_have(it: Installation, count: int) -> bool:
    return len(it.simulators.complaints()) == len(it.simulators.cases()) == count


async def test_the_same_message_id_creates_nothing_twice(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        answers = await asyncio.gather(*(it.post(submission()) for _ in range(10)))
        assert len({answer[0]["id"] for answer in answers}) == 1
        assert sum(not answer[0]["duplicate"] for answer in answers) == 1
        await it.settled(answers[0][0]["tracking_code"])
        assert len(it.simulators.complaints()) == 1


async def test_the_same_webhook_delivered_again_creates_nothing_twice(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        message = whatsapp_text("A1", HEALTH)
        answers = await asyncio.gather(*(it.whatsapp(message) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {200}
        await until(lambda: _both_have(it, 1))
        assert [row.accepted for row in await it.books()] == [1, 1]


async def test_an_id_used_again_for_another_report_is_a_conflict_and_loses_nothing(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        [first] = await it.post(submission())
        both = [submission(content=ROAD), submission("pesan-2", ROAD)]
        answer = await it.api.post("/v1/reports", json=both, headers=it.bearer)
        assert answer.status_code == 409
        problem = answer.json()
        assert problem["message_ids"] == ["pesan-1"]
        assert [one["message_id"] for one in problem["accepted"]] == ["pesan-2"]
        await it.settled(problem["accepted"][0]["tracking_code"])
        await it.settled(first["tracking_code"])
        assert len(it.simulators.complaints()) == 2


async def test_a_photo_and_a_place_that_follow_join_the_report(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, Plan(gather=4.0)) as it:
        spot = {"latitude": -6.93, "longitude": 107.71, "name": "Puskesmas Cibiru", "address": "Jl. Cibiru"}
        where = whatsapp_text("A2", "") | {"type": "location", "location": spot}
        del where["text"]
        assert (await it.whatsapp(whatsapp_text("A1", HEALTH))).status_code == 200
        assert (await it.whatsapp(where, whatsapp_text("A3", "sudah lapor ke loket juga"))).status_code == 200
        await until(lambda: _both_have(it, 1))
        [case] = it.simulators.cases()
        assert case["body"]["case"]["content"] == f"{HEALTH}\n\nsudah lapor ke loket juga"
        assert case["body"]["case"]["location"]["latitude"] == spot["latitude"]
        handoffs = (await it.record(case["tracking_code"])).handoffs
        assert {(row.kind, row.last_sequence) for row in handoffs} == {(HandoffKind.REPORT, 2)}


async def test_what_comes_after_the_report_went_out_is_handed_on_as_an_addition(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        assert (await it.whatsapp(whatsapp_text("A1", HEALTH))).status_code == 200
        await until(lambda: _both_have(it, 1))
        code = it.simulators.cases()[0]["tracking_code"]
        await it.settled(code)
        assert (await it.whatsapp(whatsapp_text("A2", "hari ini masih habis"))).status_code == 200
        await it.settled(code)
        kinds = sorted((row.destination, row.kind.value, row.state.value) for row in (await it.record(code)).handoffs)
        assert kinds == [
            (MINISTRY, "addition", "delivered"),
            (MINISTRY, "report", "delivered"),
            (SP4N, "addition", "delivered"),
            (SP4N, "report", "delivered"),
        ]
        assert len(it.simulators.complaints()) == 1
        [followup] = it.simulators.sp4n.book.of("followup")
        assert "hari ini masih habis" in json.dumps(followup)


async def test_a_greeting_waits_for_the_matter_and_both_become_one_report(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        assert (await it.whatsapp(whatsapp_text("A1", "Assalamualaikum pak, mau lapor"))).status_code == 200
        [waiting] = await it.ledger.read(list_parked)
        assert waiting.stage.value == "screen"
        assert (await it.whatsapp(whatsapp_text("A2", HEALTH))).status_code == 200
        await until(lambda: _both_have(it, 1))
        assert await it.ledger.read(list_parked) == []
        [case] = it.simulators.cases()
        assert case["body"]["case"]["content"].endswith(HEALTH)
        record = await it.record(case["tracking_code"])
        assert record.report.decision["verdict"]["kind"] == "accept"
        await it.settled(case["tracking_code"])


async def test_one_post_with_good_and_strange_messages_keeps_the_good_and_parks_the_strange(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        strange = {"from": "6281200000002", "id": "wamid.X1", "timestamp": "1749416383", "type": "hologram"}
        answer = await it.whatsapp(whatsapp_text("A1", HEALTH), strange)
        assert answer.status_code == 200
        await until(lambda: _both_have(it, 1))
        parked = await it.ledger.read(list_parked)
        assert [row.stage.value for row in parked] == ["parse"]
        assert parked[0].sealed_raw is not None
        again = await it.whatsapp(strange)
        assert again.status_code == 200
        assert len(await it.ledger.read(list_parked)) == 1


@pytest.mark.parametrize("signed", ["sha256=" + "0" * 64, "sha256=", "", "md5=1"])
async def test_a_webhook_with_a_wrong_signature_leaves_no_trace(tmp_path: Path, signed: str) -> None:
    from tests.integration.backends import EMBEDDED, backend

    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            body = json.dumps(whatsapp_delivery(whatsapp_text("A1", HEALTH))).encode()
            headers = {"x-hub-signature-256": signed} if signed else {}
            answer = await it.api.post("/v1/channels/wa/webhook", content=body, headers=headers)
            assert answer.status_code == 403
            assert answer.headers["content-type"] == "application/problem+json"
            assert await it.books() == []
            right = {"x-hub-signature-256": signature(body)}
            assert (await it.api.post("/v1/channels/wa/webhook", content=body, headers=right)).status_code == 200


async def test_identity_goes_only_where_it_may(tmp_path: Path, place: Backend) -> None:
    reporter = {"name": "Sari Contoh", "phone": "+6281200000009", "email": "sari@contoh.example"}
    async with installation(tmp_path, place) as it:
        [named] = await it.post(submission("a", reporter=reporter))
        beside = f"{ROAD} Ada puskesmas di dekatnya."
        [hidden] = await it.post(submission("b", beside, reporter=reporter, is_anonymous=True))
        for accepted in (named, hidden):
            await it.settled(accepted["tracking_code"])
        asked = json.dumps(it.simulators.complaints(named["tracking_code"]))
        anonymous = json.dumps(it.simulators.complaints(hidden["tracking_code"]))
        ministry = json.dumps(it.simulators.cases())
        assert "Sari Contoh" in asked
        for text in (anonymous, ministry):
            assert not [value for value in reporter.values() if value in text]


async def test_a_channel_sees_its_own_reports_and_nobody_elses(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        [accepted] = await it.post(submission())
        await it.settled(accepted["tracking_code"])
        view = (await it.api.get(accepted["status_url"], headers=it.bearer)).json()
        assert view["tracking_code"] == accepted["tracking_code"]
        assert {one["destination"]: one["state"] for one in view["handoffs"]} == {
            SP4N: "delivered",
            MINISTRY: "delivered",
        }
        await it.whatsapp(whatsapp_text("A1", HEALTH))
        await until(lambda: _both_have(it, 2))
        foreign = next(case for case in it.simulators.cases() if case["tracking_code"] != accepted["tracking_code"])
        answer = await it.api.get(f"/v1/reports/{foreign['id']}", headers=it.bearer)
        assert answer.status_code == 404


async def test_the_journal_is_signed_over_everything_that_was_recorded(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        accepted = await it.post(*(submission(f"pesan-{number}") for number in range(20)))
        for one in accepted:
            await it.settled(one["tracking_code"])
        records = [await it.record(one["tracking_code"]) for one in accepted]
        leaves = sum(len(record.attempts) + len(record.results) for record in records)

        async def signed() -> bool:
            checkpoint = await it.ledger.read(latest_checkpoint)
            return checkpoint is not None and checkpoint.size == leaves

        await until(signed)
        found = await it.ledger.read(verify_journal, it.gateway.ring.trusted, it.gateway.ring.origin)
        assert found.findings == ()
