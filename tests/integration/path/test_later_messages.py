"""Reporters say more through a channel service: it reaches whoever has the report."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas.handoff import HandoffKind, HandoffState
from tests.integration.backends import EMBEDDED, Backend
from tests.integration.installation import Installation, installation, until
from tests.integration.path.test_callbacks import handed_on, tell
from tests.integration.path.test_status_asked_for import timeline

EMBEDDED_ONLY = pytest.mark.parametrize("place", [EMBEDDED], indirect=True)


async def say(it: Installation, report_id: str, message_id: str = "p-1", **said: Any) -> httpx.Response:
    body = {"message_id": message_id, **said}
    return await it.api.post(f"/v1/reports/{report_id}/messages", json=body, headers=it.bearer)


async def followups(it: Installation, report_id: str, count: int) -> list[dict[str, Any]]:
    """The follow-ups that the national system took, once there are so many and nothing is owed any more."""

    async def taken() -> bool:
        record = await it.record(report_id)
        owed = any(row.state is HandoffState.PENDING for row in record.handoffs)
        return not owed and len(it.simulators.sp4n.book.of("followup")) >= count

    await until(taken)
    return it.simulators.sp4n.book.of("followup")


@EMBEDDED_ONLY
async def test_further_words_and_files_a_rating_and_a_withdrawal_reach_sp4n_as_followups(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        report_id = (await handed_on(it))["id"]
        photo = {"name": "KTP Siti.txt", "media_type": "text/plain", "content_base64": b64encode(b"foto").decode()}
        answers = [await say(it, report_id, "p-1", text="Masih rusak", attachments=[photo]) for _ in range(2)]
        await followups(it, report_id, 1)
        answers.append(await say(it, report_id, "p-2", kind="rating", rating=4, text="lumayan"))
        await followups(it, report_id, 2)
        answers.append(await say(it, report_id, "p-3", kind="withdrawal"))
        taken = await followups(it, report_id, 3)
        record = await it.record(report_id)
        kinds = [entry["kind"] for entry in await timeline(it, report_id) if entry["source"] == "reporter"]

    assert [answer.status_code for answer in answers] == [202] * 4
    assert [answer.json()["duplicate"] for answer in answers] == [False, True, False, False]
    fields = [one["fields"] for one in taken]
    assert [one["rating"] for one in fields] == ["", "4", ""]
    assert "Masih rusak" in fields[0]["content"]
    assert fields[0]["attachment[0]"] == str(it.simulators.sp4n.book.of("file")[0]["id"])
    assert "Nilai dari pelapor: 4 dari 5.\nlumayan" in fields[1]["content"]
    assert "[pencabutan]" in fields[2]["content"]
    assert {one["institution_from_id"] for one in fields} == {"9021"}
    assert kinds == ["rated", "rated", "withdrawn", "withdrawn"]  # at both destinations
    assert sum(row.kind is HandoffKind.WITHDRAWAL for row in record.handoffs) == 2


@EMBEDDED_ONLY
async def test_a_reporter_for_whom_it_is_not_solved_opens_the_case_again(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        accepted = await handed_on(it)
        assert (await tell(it, accepted["tracking_code"], {"status": "Selesai"})).status_code == 200
        before = [watch.closed for watch in (await it.record(accepted["id"])).watches if watch.status_name]
        answer = await say(it, accepted["id"], kind="not_solved", text="Lubangnya masih ada")
        after = [watch.closed for watch in (await it.record(accepted["id"])).watches if watch.status_name]
        [followup] = await followups(it, accepted["id"], 1)

    assert (answer.status_code, before, after) == (202, [True], [False])
    assert "Pelapor menyatakan laporan ini belum selesai." in followup["fields"]["content"]


@EMBEDDED_ONLY
async def test_what_cannot_be_kept_is_refused_whole(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        report_id = (await handed_on(it))["id"]
        unknown = "01990000-0000-7000-8000-000000000000"
        answers = [
            await say(it, report_id),
            await say(it, report_id, kind="rating"),
            await say(it, report_id, kind="rating", rating=6),
            await say(it, report_id, text="x", rating=3),
            await say(it, report_id, text="x", catatan="y"),
            await say(it, unknown, text="x"),
            await it.api.post(f"/v1/reports/{report_id}/messages", content="{", headers=it.bearer),
            await it.api.post(f"/v1/reports/{report_id}/messages", json={"message_id": "a", "text": "x"}),
            await say(it, report_id, "p-1", text="satu"),
            await say(it, report_id, "p-1", text="dua"),
        ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 422, 404, 400, 401, 202, 409]
