"""Ministries tell by themselves what became of their cases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from gateway.app import keeping_of
from gateway.clocks import Calendar
from gateway.ledger.cases import cases_of_report
from gateway.ledger.watching import load_watch
from gateway.receipts.chores import take_all
from gateway.receipts.striking import strike
from tests.integration.backends import EMBEDDED, Backend
from tests.integration.installation import CALLBACK_SECRETS, MINISTRY, Installation, installation
from tests.integration.path.test_status_asked_for import timeline
from tests.integration.path.test_the_whole_path import HEALTH, submission

OLD, NEW = CALLBACK_SECRETS
EMBEDDED_ONLY = pytest.mark.parametrize("place", [EMBEDDED], indirect=True)


async def tell(
    it: Installation, case: str, body: Any, *, event: str = "e-1", secret: str = NEW, age: timedelta = timedelta(0)
) -> httpx.Response:
    """Post an update as the ministry does."""
    made_at = datetime.now(UTC) - age
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {
        "webhook-id": event,
        "webhook-timestamp": str(int(made_at.timestamp())),
        "webhook-signature": f"v1a,xyz {Webhook(secret).sign(event, made_at, content)}",
    }
    return await it.api.post(f"/v1/cases/{case}/status", content=content, headers=headers)


async def handed_on(it: Installation) -> dict[str, Any]:
    [accepted] = await it.post(submission(content=HEALTH))
    await it.settled(accepted["id"])
    return accepted


@EMBEDDED_ONLY
async def test_an_update_is_kept_once_under_any_name_of_the_case_and_with_either_secret(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        accepted = await handed_on(it)
        code = accepted["tracking_code"]
        at = "2026-03-02T09:00:00+08:00"
        answers = [
            await tell(it, code, {"status": "Dalam Proses", "at": at, "reference": "KEM/7"}),
            await tell(it, code.lower().replace("-", ""), {"status": "Dalam Proses", "at": at}, secret=OLD),
            await tell(it, accepted["id"], {"text": "<b>Foto</b> mana?", "question": True}, event="e-2", secret=OLD),
            await tell(it, "KEM-8", {"text": "x"}, event="e-9"),
        ]
        entries = await timeline(it, accepted["id"])

    assert [answer.status_code for answer in answers] == [200, 200, 200, 404]
    assert [answer.json()["duplicate"] for answer in answers[:3]] == [False, True, False]
    said = [entry for entry in entries if entry["source"] == "callback"]
    assert [(entry["kind"], entry["status_name"], entry["text"]) for entry in said] == [
        ("status", "Dalam Proses", None),
        ("question", None, "Foto mana?"),
    ]
    assert said[0]["at"] == "2026-03-02T01:00:00Z"


@EMBEDDED_ONLY
async def test_a_late_update_is_kept_and_moves_nothing_back(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        accepted = await handed_on(it)
        code = accepted["tracking_code"]
        for event, status, sequence in (("e-2", "Selesai", 2), ("e-1", "Dalam Proses", 1)):
            assert (await tell(it, code, {"status": status, "sequence": sequence}, event=event)).status_code == 200
        answer = await tell(it, code, {"not_ours": True, "text": "Ini urusan dinas PU"}, event="e-3")
        [case] = [
            one
            for one in await it.ledger.read(cases_of_report, (await it.record(code)).report.id)
            if one.handoff.destination == MINISTRY
        ]
        watch = await it.ledger.read(load_watch, case.handoff.id)
        kinds = [event.kind.value for event in (await it.record(code)).events]

    assert answer.status_code == 200
    assert watch is not None
    assert (watch.status_name, watch.closed) == ("Selesai", True)
    assert kinds == ["status", "status", "not_ours"]


@EMBEDDED_ONLY
async def test_what_is_not_signed_now_by_a_destination_with_this_case_is_refused(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        code = (await handed_on(it))["tracking_code"]
        said = {"status": "Selesai"}
        stranger = "whsec_" + "bGFp" * 8
        answers = {
            "stranger": await tell(it, code, said, secret=stranger),
            "old": await tell(it, code, said, age=timedelta(minutes=6)),
            "ahead": await tell(it, code, said, age=-timedelta(minutes=6)),
            "unsigned": await it.api.post(f"/v1/cases/{code}/status", json=said),
            "unknown": await tell(it, "TIDAK-ADA", said),
            "no JSON": await tell(it, code, "{"),
            "nothing said": await tell(it, code, {}),
            "no zone": await tell(it, code, said | {"at": "2026-03-02T09:00:00"}),
            "other field": await tell(it, code, said | {"catatan": "x"}),
        }
        events = (await it.record(code)).events

    expected = [403, 403, 403, 403, 404, 400, 422, 422, 422]
    assert [answer.status_code for answer in answers.values()] == expected
    assert {answer.headers["content-type"] for answer in answers.values()} == {"application/problem+json"}
    assert answers["other field"].json()["errors"][0]["at"] == "catatan"
    assert events == ()


@EMBEDDED_ONLY
async def test_a_channel_is_told_the_figures_of_its_own_reports(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        code = (await handed_on(it))["tracking_code"]
        assert (await tell(it, code, {"status": "Selesai"})).status_code == 200
        asked = "/v1/figures?by=destination&since=2020-01-01T00:00:00Z"
        await take_all(keeping_of(it.gateway), [])
        await strike(keeping_of(it.gateway), Calendar())
        rows = (await it.api.get(asked, headers=it.bearer)).json()["rows"]
        table = await it.api.get(asked, headers=it.bearer | {"accept": "text/csv"})
        naive = await it.api.get("/v1/figures?since=2020-01-01T00:00:00", headers=it.bearer)
        stranger = await it.api.get("/v1/figures")

    assert [(row["destination"], row["cases"], row["followup_rate"], row["resolved"]) for row in rows] == [
        ("kemenkes", 1, 1.0, 1),
        ("sp4n", 1, 0.0, 0),
    ]
    assert [line.split(",")[0] for line in table.text.splitlines()] == ["destination", "kemenkes", "sp4n"]
    assert (naive.status_code, stranger.status_code) == (422, 401)
