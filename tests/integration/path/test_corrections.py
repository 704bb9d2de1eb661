"""What officers decide: it has consequences for a report that was handed on, and is kept to learn from."""

from __future__ import annotations

import json
from pathlib import Path

from gateway.cli.labelled import labelled_messages
from gateway.console.desk import BASE
from gateway.ledger.actions import list_actions
from gateway.ledger.destinations import pause, resume
from gateway.ledger.erasure import erase_report
from gateway.ledger.examples import EXPORT
from gateway.roles import Role
from schemas.handoff import HandoffState
from scripts.train_classifier import own_messages
from scripts.train_screening import examples
from tests.integration.backends import EMBEDDED, Backend, backend
from tests.integration.installation import MINISTRY, SP4N, Plan, installation, until
from tests.integration.path.test_review_by_api import LAMP, PRANK, officer, set_aside
from tests.integration.path.test_withheld import browser_of

HEALTH, TRAFFIC = 1389, 936
DIRECTORY = f"""directory:
  Kementerian Kesehatan:
    destination: {MINISTRY}
    categories: [KESEHATAN]
"""
ROAD = "Jalan Cihanjuang di depan pasar Atas Cimahi berlubang besar, kemarin dua motor jatuh, mohon diperbaiki"


async def test_decisions_are_kept_sealed_and_exported_for_a_reason(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, Plan(settings={"keep_corrections": True})) as it:
        [prank] = await set_aside(it, PRANK)
        [held] = await set_aside(it, "asdfghjkl qwertyuiop")
        [lamp] = await set_aside(it, LAMP)
        ani, tamu = await officer(it, "ani", Role.REVIEWER), await officer(it, "tamu", Role.VIEWER)
        assert (await ani.post(f"/{prank}/reject", why="iseng")).status_code == 200
        assert (await ani.post(f"/{held}/correct", category_id=HEALTH)).status_code == 200
        assert (await ani.post(f"/{held}/release")).status_code == 200
        assert (await ani.post(f"/{lamp}/correct", category_id=TRAFFIC)).status_code == 200

        assert (await tamu.post("/export", why="latihan")).status_code == 403
        assert (await ani.post("/export", why=" ")).status_code == 422
        rows = {row["text"]: row for row in (await ani.post("/export", why="latihan")).json()["rows"]}
        assert {text: (row["label"], row["decided"]) for text, row in rows.items()} == {
            PRANK: ("junk", "rejected"),
            "asdfghjkl qwertyuiop": ("genuine", "released"),
            LAMP: ("genuine", "corrected"),
        }
        assert rows[LAMP]["parent_category"] == "PERHUBUNGAN"
        [noted] = [row for row in await it.ledger.read(list_actions, actor="ani", limit=50) if row.action == EXPORT]
        assert noted.detail == {"reason": "latihan"}

        file = tmp_path / "contoh.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows.values()))
        assert {row.label for row in labelled_messages(file)} == {"genuine", "junk"}
        assert len(examples(file)) == len(examples()) + 3
        assert (LAMP, "PERHUBUNGAN") in own_messages(file)

        record = await it.record(lamp)
        await it.ledger.write(erase_report, record.report.id, "uji", it.gateway.clock.now())
        left = (await ani.post("/export", why="lagi")).json()["rows"]
        assert LAMP not in {row["text"] for row in left}


async def test_the_console_gives_the_same_file_to_the_same_people_and_records_it_alike(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place, Plan(settings={"keep_corrections": True})) as it:
            [prank] = await set_aside(it, PRANK)
            ani = await officer(it, "ani", Role.REVIEWER)
            await officer(it, "tamu", Role.VIEWER)
            assert (await ani.post(f"/{prank}/reject", why="iseng")).status_code == 200
            browser, csrf = await browser_of(it, "ani")
            assert f'action="{BASE}/review/export"' in (await browser.get(f"{BASE}/review")).text
            form = {"csrf": csrf, "why": "latihan"}
            answer = await browser.post(f"{BASE}/review/export", data=form)
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
            assert answer.headers["content-disposition"].startswith('attachment; filename="keputusan-')
            rows = [json.loads(line) for line in answer.text.splitlines()]
            assert rows == (await ani.post("/export", why="latihan")).json()["rows"]
            assert [row["text"] for row in rows] == [PRANK]
            assert (await browser.post(f"{BASE}/review/export", data=form | {"why": " "})).status_code == 422
            noted = [one for one in await it.ledger.read(list_actions, actor="ani") if one.action == EXPORT]
            assert [one.detail for one in noted] == [noted[0].detail] * 2

            other, csrf = await browser_of(it, "tamu", "lain" * 8)
            assert f'action="{BASE}/review/export"' not in (await other.get(f"{BASE}/review")).text
            assert (await other.post(f"{BASE}/review/export", data=form | {"csrf": csrf})).status_code == 403


async def test_nothing_is_kept_unless_it_is_wanted(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            [prank] = await set_aside(it, PRANK)
            ani = await officer(it, "ani", Role.REVIEWER)
            assert (await ani.post(f"/{prank}/reject", why="iseng")).status_code == 200
            assert (await ani.post("/export", why="lihat")).json()["rows"] == []


async def test_a_correction_after_it_was_handed_on_sends_it_to_whom_else_it_concerns(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place, Plan(more=DIRECTORY)) as it:
        [code] = await set_aside(it, LAMP)
        assert set(await it.settled(code)) == {SP4N}
        ani = await officer(it, "ani", Role.REVIEWER)
        changed = (await ani.post(f"/{code}/correct", category_id=HEALTH)).json()["changed"]
        assert changed["sent"] == [MINISTRY]
        owed = await it.settled(code)
        assert (owed[SP4N].state, owed[MINISTRY].state) == (HandoffState.DELIVERED, HandoffState.DELIVERED)
        [sent] = [one for one in (await it.record(code)).actions if one.action == "reroute"]
        assert (sent.actor, sent.detail["to"], sent.detail["reason"]) == ("ani", MINISTRY, "correct")
        assert len(it.simulators.cases(code)) == 1


async def test_a_report_that_was_handed_on_can_be_merged_and_goes_its_own_way_again_without_being_sent_twice(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        [lead] = await set_aside(it, LAMP)
        [other] = await set_aside(it, ROAD)
        for code in (lead, other):
            assert (await it.settled(code))[SP4N].state is HandoffState.DELIVERED
        ani = await officer(it, "ani", Role.REVIEWER)
        merged = await ani.post(f"/{other}/merge", into=lead)
        assert merged.json()["follows"] == lead
        assert (await ani.post(f"/{other}/merge", into=lead)).status_code == 409
        alone = await ani.post(f"/{other}/unlink", why="dua kejadian")
        assert (alone.status_code, alone.json()["destinations"]) == (200, [])
        assert (await ani.get(f"/{other}")).json()["waiting_since"] is None
        assert len(it.simulators.complaints(other)) == 1


async def test_what_a_merged_report_was_still_owed_is_owed_again_when_it_goes_its_own_way(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            [lead] = await set_aside(it, LAMP)
            assert (await it.settled(lead))[SP4N].state is HandoffState.DELIVERED
            await it.ledger.write(pause, SP4N, "uji", "uji", it.gateway.clock.now())

            async def is_paused() -> bool:
                return it.gateway.lines[SP4N].gate.paused

            await until(is_paused)
            [other] = await set_aside(it, ROAD)
            ani = await officer(it, "ani", Role.REVIEWER)
            assert (await ani.post(f"/{other}/merge", into=lead)).status_code == 200
            assert (await it.handoffs(other))[SP4N].state is HandoffState.CANCELLED
            alone = await ani.post(f"/{other}/unlink", why="dua kejadian")
            assert alone.json()["destinations"] == [SP4N]
            await it.ledger.write(resume, SP4N, "uji", it.gateway.clock.now())

            async def has_arrived() -> bool:
                return len(it.simulators.complaints(other)) == 1

            await until(has_arrived)
