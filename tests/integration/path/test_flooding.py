"""A sender who floods the channel: what is doubtful is held with the reason, what is a report goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gateway.ledger.views import show_report
from gateway.roles import Role
from schemas.handoff import HandoffState
from tests.integration.backends import Backend
from tests.integration.installation import SP4N, Installation, installation
from tests.integration.path.test_review_by_api import officer

CHAT = "yang, jemput aku jam 5 ya"
ROAD = "Jalan desa di Dusun Krajan {0} berlubang besar, kemarin dua motor jatuh, mohon diperbaiki"


async def verdict_of(it: Installation, code: str) -> dict[str, Any]:
    record = await it.ledger.read(show_report, code)
    assert record is not None
    verdict: dict[str, Any] = record.report.decision["verdict"]
    return verdict


async def send(it: Installation, name: str, text: str, phone: str | None) -> str:
    reporter = {"phone": phone} if phone else None
    [accepted] = await it.post({"message_id": name, "content": text, "reporter": reporter})
    return str(accepted["tracking_code"])


@pytest.mark.parametrize("merged", [False, True], ids=["given up", "merged"])
async def test_what_people_gave_up_counts_against_its_sender_and_what_they_merged_does_not(
    tmp_path: Path, place: Backend, merged: bool
) -> None:
    phone = "+6281234567890"
    async with installation(tmp_path, place) as it:
        lead = await send(it, "lead", ROAD.format("Timur"), None)
        await it.settled(lead)
        ani = await officer(it, "ani", Role.OPERATOR)
        for number in range(3):
            code = await send(it, f"m-{number}", CHAT, phone)
            verb, fields = ("merge", {"into": lead}) if merged else ("reject", {"why": "bercanda"})
            assert (await ani.post(f"/{code}/{verb}", **fields)).status_code == 200
        findings = (await verdict_of(it, await send(it, "m-4", CHAT, phone)))["findings"]
        assert ("junk_before" in {finding["check"] for finding in findings}) is not merged


async def test_a_flooding_sender_is_known_again_and_nobody_else_is(tmp_path: Path, place: Backend) -> None:
    flooder, other = "+6281234567890", "+6281298765432"
    async with installation(tmp_path, place) as it:
        first = await send(it, "m-0", CHAT, flooder)
        assert (await verdict_of(it, first))["kind"] == "ask"
        for number in range(1, 31):
            await send(it, f"m-{number}", CHAT, flooder)
        held = await verdict_of(it, await send(it, "m-31", CHAT, flooder))
        assert held["kind"] == "hold"
        told = {finding["check"]: finding["reason"] for finding in held["findings"]}
        assert told["flooding_sender"] == "its sender sent 31 reports within the hour before"
        assert "628" not in str(held)

        for number, phone in enumerate((other, None)):
            assert (await verdict_of(it, await send(it, f"o-{number}", CHAT, phone)))["kind"] == "ask"
        genuine = await send(it, "m-road", ROAD.format("Barat"), flooder)
        assert (await it.settled(genuine))[SP4N].state is HandoffState.DELIVERED
