"""The answer comes back: what a destination says of a case reaches the report's timeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from schemas.vocabulary import CaseStatus
from tests.integration.backends import EMBEDDED, Backend
from tests.integration.installation import SP4N, Installation, Plan, installation, until
from tests.integration.path.test_the_whole_path import ROAD, submission

WATCHFUL = Plan(poll="100ms")


async def told(it: Installation, what: str, **wanted: Any) -> None:
    """Have the simulated national system do something."""
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{it.simulators.sp4n.url}/_simulator/{what}", json=wanted)
    assert answer.status_code == 200, answer.text


async def timeline(it: Installation, report_id: str) -> list[dict[str, Any]]:
    answer = await it.api.get(f"/v1/reports/{report_id}/timeline", headers=it.bearer)
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


@pytest.mark.parametrize("place", [EMBEDDED], indirect=True)
async def test_what_sp4n_says_stands_in_the_timeline_until_the_case_is_closed(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, WATCHFUL) as it:
        [accepted] = await it.post(submission(content=ROAD))
        await it.settled(accepted["id"])
        [complaint] = it.simulators.complaints()
        number = complaint["id"]
        await told(it, "status", complaint_id=number)
        await told(it, "followup", complaint_id=number, content="<p>Sudah <b>kami</b> perbaiki</p>")
        await told(it, "status", complaint_id=number, status_name="Selesai")

        async def is_closed() -> bool:
            watches = (await it.record(accepted["id"])).watches
            return bool(watches) and watches[0].closed and watches[0].next_poll_at is None

        await until(is_closed)
        entries = await timeline(it, accepted["id"])

    own = [entry for entry in entries if entry["source"] is None]
    said = [(entry["kind"], entry["status"], entry["text"]) for entry in entries if entry["source"] == "poll"]
    assert [entry["kind"] for entry in own] == ["received", "handed_over"]
    assert own[1]["reference"] == str(number)
    assert ("answer", None, "Sudah kami perbaiki") in said
    assert [status for _, status, _ in said if status] == [CaseStatus.VERIFIED, CaseStatus.DONE]
    assert not any("{{" in (text or "") for _, _, text in said)
    assert {entry["destination"] for entry in entries if entry["source"]} == {SP4N}


@pytest.mark.parametrize("place", [EMBEDDED], indirect=True)
async def test_a_channel_is_told_nothing_of_another_ones_report(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        answer = await it.api.get("/v1/reports/01990000-0000-7000-8000-000000000000/timeline", headers=it.bearer)

    assert answer.status_code == 404
    assert json.loads(answer.content)["type"].endswith("not-found")
