"""Attachments on their whole way: looked at before they leave, cleaned, withheld, waited for, collected."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from gateway.collecting import SAFE_AGE, collect_orphans
from gateway.ledger.files import owned_names
from gateway.pictures import cleaned
from schemas.handoff import HandoffState
from tests.fakes.clamd import EICAR, Clamd
from tests.fakes.pictures import photo, tells
from tests.fakes.s3 import BUCKET, KEY_ID, REGION, SECRET, s3_server
from tests.integration.backends import Backend
from tests.integration.installation import SP4N, Installation, Plan, installation, until

CONTENT = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri."


def report(*files: tuple[str, str, bytes]) -> dict[str, Any]:
    attached = [
        {"name": name, "media_type": kind, "content_base64": b64encode(data).decode()} for name, kind, data in files
    ]
    return {"message_id": "1", "content": CONTENT, "attachments": attached}


def received(it: Installation) -> list[tuple[str, str, str]]:
    """Name, type and hash of the files that SP4N was given."""
    files = [one for upload in it.simulators.sp4n.book.of("file") for one in [upload.get("file", upload)]]
    return [(one["name"], one["media_type"], one["sha256"]) for one in files]


def hashed(content: bytes) -> str:
    return sha256(content).hexdigest()


async def test_what_leaves_is_clean_and_what_is_infected_stays(tmp_path: Path, place: Backend) -> None:
    async with Clamd() as clamd, installation(tmp_path, place, Plan(settings={"scanner": clamd.address})) as it:
        photo_, note, bad = ("a.jpg", "image/jpeg", photo()), ("b.pdf", "text/plain", b"%PDF-1.7"), EICAR
        [kept] = await it.post(report(photo_, note, ("c.txt", "text/plain", bad)))
        await it.settled(kept["tracking_code"])
        leaves = cleaned(photo(), "image/jpeg", 10_000)
        assert tells(leaves) == []
        assert [file[1:] for file in received(it)] == [
            ("image/jpeg", hashed(leaves)),
            ("application/pdf", hashed(b"%PDF-1.7")),
        ]
        rows = (await it.record(kept["tracking_code"])).files
        assert [(row.state, row.scan, row.reason, row.notes, row.travels is not None) for row in rows] == [
            ("stored", "clean", None, None, True),
            ("stored", "clean", None, "type_mismatch", False),
            ("withheld", "infected", "infected", None, False),
        ]
        assert rows[0].sha256 == hashed(photo())
        assert (rows[1].media_type, rows[2].found) == ("application/pdf", "Win.Test.EICAR_HDB-1")


async def test_while_the_scanner_is_down_a_case_with_files_waits(tmp_path: Path, place: Backend) -> None:
    clamd = Clamd()
    await clamd.start()
    await clamd.stop()
    async with installation(tmp_path, place, Plan(settings={"scanner": clamd.address})) as it:
        [kept] = await it.post(report(("a.jpg", "image/jpeg", photo())))

        async def waits() -> bool:
            handoff = (await it.handoffs(kept["tracking_code"]))[SP4N]
            return handoff.due_at is not None and handoff.due_at > it.gateway.clock.now() + timedelta(seconds=5)

        await until(waits)
        assert received(it) == []
        [row] = (await it.record(kept["tracking_code"])).files
        assert (row.state, row.scan) == ("stored", None)


async def test_or_it_goes_unscanned_where_it_is_set_so(tmp_path: Path, place: Backend) -> None:
    plan = Plan(settings={"scanner": "tcp://127.0.0.1:1", "scanner_down": "send"})
    async with installation(tmp_path, place, plan) as it:
        [kept] = await it.post(report(("a.jpg", "image/jpeg", photo())))
        handoffs = await it.settled(kept["tracking_code"])
        assert {row.state for row in handoffs.values()} == {HandoffState.DELIVERED}
        [row] = (await it.record(kept["tracking_code"])).files
        assert (row.state, row.scan, len(received(it))) == ("stored", "down", 1)


async def test_what_no_row_points_at_is_collected_and_nothing_else(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        [kept] = await it.post(report(("a.jpg", "image/jpeg", photo())))
        await it.settled(kept["tracking_code"])
        files = it.gateway.files
        key = it.gateway.vault.new_key(UUID(int=7))
        orphan = await asyncio.to_thread(files.storage.keep, key, UUID(int=7), b"foto")
        now = files.now()
        assert await collect_orphans(files, now) == 0
        assert await collect_orphans(files, now + SAFE_AGE + timedelta(hours=1)) == 1
        [row] = (await it.record(kept["tracking_code"])).files
        there = {
            f"{path.parent.name}/{path.name}" for path in it.gateway.settings.files_path.rglob("*") if path.is_file()
        }
        assert there == {row.stored, row.travels}
        assert await it.ledger.read(owned_names, [orphan, row.stored or "", row.travels or ""]) == there


async def test_files_lie_in_an_object_store_and_none_is_taken_while_it_refuses(tmp_path: Path, place: Backend) -> None:
    with s3_server() as (url, shelves):
        store = {"files_store": f"s3://{BUCKET}/uji", "files_store_endpoint": url, "files_store_region": REGION}
        account = {"files_store_key_id": KEY_ID, "files_store_secret": SECRET}
        async with installation(tmp_path, place, Plan(settings=store | account)) as it:
            shelves.moods = [403] * 50  # also for a chore that looks at the store meanwhile
            refused = await it.api.post("/v1/reports", json=report(("a.jpg", "image/jpeg", photo())), headers=it.bearer)
            assert (refused.status_code, shelves.objects) == (503, {})
            shelves.moods = []
            [kept] = await it.post(report(("a.jpg", "image/jpeg", photo())))
            await it.settled(kept["tracking_code"])
            assert received(it)[0][1:] == ("image/jpeg", hashed(cleaned(photo(), "image/jpeg", 10_000)))
            [row] = (await it.record(kept["tracking_code"])).files
            assert sorted(shelves.objects) == sorted(f"uji/{name}" for name in (row.stored, row.travels))
            assert not any(photo()[:64] in content for content, _ in shelves.objects.values())
            assert not it.gateway.settings.files_path.exists()
