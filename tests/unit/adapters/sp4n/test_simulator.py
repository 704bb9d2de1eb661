"""The simulated national system: strict about what it takes, exact about what it took."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Call, Case, Reply
from adapters.destinations.sp4n.adapter import Sp4n, build
from adapters.destinations.sp4n.bodies import complaint_fields
from adapters.destinations.sp4n.simulator import simulated
from adapters.simulator import Book, FaultRule, Simulator
from schemas.handoff import OutcomeKind
from tests.contracts.play import play_all, play_step
from tests.fakes.cases import CONTENT, PHOTO, a_case, a_report, a_withdrawal, an_addition
from tests.unit.adapters.sp4n.builders import an_entry, options

NOW = datetime(2026, 3, 2, 1, 20, 5, tzinfo=UTC)
JSON = ("content-type", "application/json")
ADMITTED = (("authorization", "Bearer token-contoh"), ("token", "{token-kedua}"))


class Table:
    """The simulator with the adapter that speaks to it."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.sp4n: Sp4n = build(an_entry(simulator.url))

    async def told(self, method: str, path: str, body: Any = b"", *headers: tuple[str, str]) -> Reply:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.sp4n.send(Call(method, self.simulator.url + path, headers or (*ADMITTED, JSON), content, "k"))


@pytest.fixture
async def table() -> AsyncIterator[Table]:
    app = simulated(token="token-contoh", second_token="{token-kedua}", now=lambda: NOW)
    simulator = Simulator(app, book=Book())
    await simulator.start()
    table = Table(simulator)
    yield table
    await table.sp4n.aclose()
    await simulator.stop()


async def _handed_on(table: Table, **changes: Any) -> Case:
    case, _ = await play_all(table.sp4n, a_case(**changes))
    return case


async def test_the_book_says_what_was_taken(table: Table) -> None:
    await _handed_on(table)

    file, complaint, moved = table.simulator.book.entries
    assert (file["kind"], file["media_type"], file["bytes"]) == ("file", "image/jpeg", len(PHOTO))
    assert (complaint["kind"], complaint["at"]) == ("complaint", "2026-03-02T08:20:05+07:00")
    assert complaint["fields"]["attachments"] == f"[{file['id']}]."
    assert CONTENT in complaint["fields"]["content"]
    assert (moved["kind"], moved["complaint_id"], moved["from"], moved["to"]) == ("pass_on", complaint["id"], 9021, 4)


@pytest.mark.parametrize(
    "headers",
    [
        (("token", "{token-kedua}"),),
        (("authorization", "Bearer token-contoh"),),
        (("authorization", "Bearer lain"), ("token", "{token-kedua}")),
        (("authorization", "Bearer token-contoh"), ("token", "lain")),
        (("authorization", "token-contoh"), ("token", "{token-kedua}")),
    ],
)
async def test_both_headers_are_asked_for(table: Table, headers: tuple[tuple[str, str], ...]) -> None:
    assert (await table.told("POST", "/complaints/complaint", {}, *headers)).status == 401
    assert len(table.simulator.book) == 0


async def test_without_tokens_of_its_own_any_will_do_but_there_must_be_some() -> None:
    simulator = Simulator(simulated(), book=Book())
    await simulator.start()
    table = Table(simulator)
    own, none = [
        await table.told("GET", "/masters/templates", b"", *headers)
        for headers in ((("authorization", "Bearer x"), ("token", "y")), (("authorization", "Bearer "), ("token", "y")))
    ]
    await table.sp4n.aclose()
    await simulator.stop()

    assert (own.status, none.status) == (200, 401)


SOUND = complaint_fields(options(), a_case(report=a_report(attachments=())), "isi", [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "x" * 256),
        ("content", "x" * 10_001),
        ("content", None),
        ("user_id", "4711"),
        ("is_inbox", False),
        ("is_inbox", 1),
        ("disposition_id", 4),
        ("classification_id", None),
        ("location_id", 0),
        ("date_of_incident", "9 Februari"),
        ("copy_externals", []),
        ("tags_raw", "tanpa pagar"),
        ("is_approval", True),
        ("is_secret", "0"),
        ("attachments", None),
        ("attachments", "[1]"),
        ("attachments", "[999]."),
        ("attachments", [1]),
        ("emailUser", "a@contoh.example"),
        ("tambahan", 1),
    ],
)
async def test_a_field_that_is_wrong_is_named(table: Table, name: str, value: Any) -> None:
    reply = await table.told("POST", "/complaints/complaint", {**SOUND, name: value})

    assert (reply.status, list(json.loads(reply.body)["errors"])) == (422, [name])
    assert len(table.simulator.book) == 0


@pytest.mark.parametrize("name", sorted(SOUND))
async def test_a_field_that_is_missing_is_named(table: Table, name: str) -> None:
    reply = await table.told(
        "POST", "/complaints/complaint", {key: value for key, value in SOUND.items() if key != name}
    )

    assert (reply.status, name in json.loads(reply.body)["errors"]) == (422, True)


@pytest.mark.parametrize("path", ["/complaints/complaint", "/complaints/complaint/file", "/complaints/followup/add"])
async def test_another_media_type_is_refused(table: Table, path: str) -> None:
    assert (await table.told("POST", path, b"{}", *ADMITTED, ("content-type", "text/plain"))).status == 415


async def test_a_channel_may_have_a_complaint_path_of_its_own(table: Table) -> None:
    assert (await table.told("POST", "/bus/1.0/complaints/complaint-lmw", SOUND)).status == 200


async def test_older_replies_can_be_had() -> None:
    simulator = Simulator(simulated(older_replies=True), book=Book())
    await simulator.start()
    table = Table(simulator)
    reply = await table.told("POST", "/complaints/complaint", SOUND)
    case = await _handed_on(table)
    await table.sp4n.aclose()
    await simulator.stop()

    assert "complaint_id" not in json.loads(reply.body)
    assert case.progress["complaint"]["complaint_id"] == "5000002"


async def test_what_was_passed_on_can_not_be_passed_on_again(table: Table) -> None:
    case = await _handed_on(table)
    before = replace(case, progress={name: case.progress[name] for name in ("files", "complaint")})
    step = table.sp4n.next_step(before)
    assert step is not None
    again = await play_step(table.sp4n, before, step)

    assert (again.reply.status, again.outcome.kind) == (422, OutcomeKind.UNCERTAIN)
    assert len(table.simulator.book.of("pass_on")) == 1


async def test_a_target_that_does_not_exist_is_refused(table: Table) -> None:
    case = a_case(parameters={"institution": "999999"})
    for _ in range(2):
        step = table.sp4n.next_step(case)
        assert step is not None
        played = await play_step(table.sp4n, case, step)
        case = replace(case, progress={**case.progress, step.name: played.outcome.yields})
    step = table.sp4n.next_step(case)
    assert step is not None
    played = await play_step(table.sp4n, case, step)

    assert (step.name, played.outcome.kind) == ("pass_on", OutcomeKind.REFUSED)


async def test_the_status_goes_on_when_told(table: Table) -> None:
    case = await _handed_on(table)
    complaint_id = case.progress["complaint"]["complaint_id"]
    seen = []
    for change in ({}, {}, {"status_name": "Ditolak", "note": "Tidak jelas."}):
        body = {"complaint_id": complaint_id, **change}
        await table.told("POST", "/_simulator/status", body)
        reply = await table.told("GET", f"/complaints/{complaint_id}/complaint")
        seen.append(json.loads(reply.body)["results"])

    assert [each["data"]["status_name"] for each in seen] == ["Terverifikasi", "Dalam Proses", "Ditolak"]
    assert seen[-1]["data"]["disposition_name"] == "Kementerian Pekerjaan Umum"
    assert seen[-1]["data"]["status_logs"][-1] == {"note": "Tidak jelas.", "timestamp": "2026-03-02T08:20:05+07:00"}
    assert seen[-1]["data_logs"][1]["institution_to"] == "Kementerian Pekerjaan Umum"
    assert "{{institution_to}}" in seen[-1]["data_logs"][1]["note"]


async def test_follow_ups_of_both_sides_are_listed(table: Table) -> None:
    case = await _handed_on(table)
    await play_all(table.sp4n, an_addition(prior=case.progress))
    await play_all(table.sp4n, a_withdrawal(prior=case.progress))
    complaint_id = case.progress["complaint"]["complaint_id"]
    await table.told("POST", "/_simulator/followup", {"complaint_id": complaint_id, "content": "Kami perbaiki."})
    listed = json.loads((await table.told("GET", f"/complaints/{complaint_id}/followups")).body)["results"]["data"]

    assert [row["content"].splitlines()[0].partition(" [")[2] for row in listed] == ["tambahan 1]", "pencabutan]", ""]
    assert {row["created_at"] for row in listed} == {"02-03-2026 08:20:05"}
    assert [row["institution_from_id"] for row in listed] == ["9021", "9021", "4"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/complaints/1/complaint"),
        ("GET", "/complaints/1/followups"),
        ("POST", "/complaints/process/1/reject"),
        ("POST", "/_simulator/status"),
        ("POST", "/_simulator/followup"),
        ("GET", "/entah"),
        ("DELETE", "/complaints/complaint"),
        ("GET", "/pengaduan/1"),
    ],
)
async def test_what_is_not_there_is_not_found(table: Table, method: str, path: str) -> None:
    assert (await table.told(method, path, {} if method == "POST" else b"")).status == 404


@pytest.mark.parametrize(("secret", "status"), [(False, 200), (True, 404)])
async def test_the_public_page_shows_what_is_not_secret(table: Table, secret: bool, status: int) -> None:
    case = await _handed_on(table, report=a_report(is_secret=secret))
    tracking_id = case.progress["complaint"]["tracking_id"]

    assert (await table.told("GET", f"/pengaduan/{tracking_id}")).status == status


async def test_a_server_started_again_knows_what_it_took(tmp_path: Path) -> None:
    progress: dict[str, Any] = {}
    for _ in range(2):
        simulator = Simulator(simulated(), book=Book(tmp_path / "lapor.jsonl"))
        await simulator.start()
        table = Table(simulator)
        case = await _handed_on(table)
        if progress:
            await play_all(table.sp4n, an_addition(prior=progress))
        progress = dict(case.progress)
        await table.sp4n.aclose()
        await simulator.stop()

    kinds = [entry["kind"] for entry in Book(tmp_path / "lapor.jsonl").entries]
    assert kinds == ["file", "complaint", "pass_on"] * 2 + ["file", "followup"]
    assert progress["complaint"]["complaint_id"] == "5000002"


@pytest.mark.parametrize(
    "kind", ["reset_after", "stall_after", "status_after", "truncated", "html", "no_id", "malformed"]
)
async def test_a_complaint_whose_answer_is_lost_stays_one_and_uncertain(kind: str) -> None:
    simulator = Simulator(simulated(), book=Book(), faults=[FaultRule(kind, path="/complaints/complaint$")])
    await simulator.start()
    sp4n = build(replace(an_entry(simulator.url), read_timeout=0.3))
    case = a_case(report=a_report(attachments=()))
    step = sp4n.next_step(case)
    assert step is not None
    outcome = (await play_step(sp4n, case, step)).outcome
    await sp4n.aclose()
    await simulator.stop()

    assert (step.name, outcome.kind, outcome.yields) == ("complaint", OutcomeKind.UNCERTAIN, {})
    assert len(simulator.book.of("complaint")) == 1
