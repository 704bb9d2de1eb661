"""The walk-in desk: who may sit there, numbers without gaps, receipts without identity."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import UUID

import httpx

from gateway.casework import MESSAGE_PART
from gateway.ledger.channels import revoke_credential
from gateway.ledger.desk_queue import list_desk, take_number
from schemas.ids import new_id
from tests.integration.backends import Backend
from tests.integration.installation import Installation, installation
from tests.integration.public.visits import STORY, hidden, hidden_in, open_form, sign_in, told

NIK = "3201010101900001"


async def kept(it: Installation, **fields: str) -> httpx.Response:
    """The receipt of a report that the desk must take."""
    given = {"cerita": STORY, "nama": "Ani Contoh", "nik": NIK, "telepon": "081200000001"} | fields
    if "kunci" not in given:
        given["kunci"] = await hidden(it, "/loket")
    answer = await it.api.post("/loket", data=given)
    assert answer.status_code == 303, answer.text[:2000]
    return await it.api.get(answer.headers["location"])


def number(receipt: httpx.Response) -> int:
    found = re.search(r"<strong>(\d+)</strong>", receipt.text)
    assert found is not None
    return int(found[1])


async def test_an_officer_keeps_reports_and_prints_receipts_without_identity(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        await sign_in(it, await open_form(it, "desk", name="Loket Kota Contoh", zone="WITA"))
        key = await hidden(it, "/loket")
        receipts = [await kept(it, kunci=key), await kept(it, kunci=key), await kept(it)]
        assert [number(receipt) for receipt in receipts] == [1, 1, 2]
        assert all("Loket Kota Contoh" in receipt.text and "WITA" in receipt.text for receipt in receipts)
        assert [word for word in ("Ani Contoh", NIK, "081200000001", "Kenanga") if word in receipts[0].text] == []
        await it.settled(told(receipts[0], "Kode lacak"))
        page = await it.api.get("/loket")
        assert (told(receipts[0], "Kode lacak") in page.text, "Diterima SP4N-LAPOR!" in page.text) == (True, True)
        assert "Ani Contoh" not in page.text


async def test_a_wrong_nik_is_told_and_what_was_written_stays(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        await sign_in(it, await open_form(it, "desk"))
        key = await hidden(it, "/loket")
        for nik in ("123", "3201019901900001"):
            answer = await it.api.post("/loket", data={"kunci": key, "cerita": STORY, "nik": nik})
            assert (answer.status_code, '<a href="#nik">' in answer.text, hidden_in(answer)) == (422, True, key)
            assert STORY in answer.text
        assert await it.books() == []


async def test_nobody_sits_at_a_desk_without_its_key(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        key = await open_form(it, "desk")
        for wrong in ("", "sgk_a_b", it.key):
            answer = await it.api.post("/loket/masuk", data={"kunci_loket": wrong})
            assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
        assert (await it.api.get("/loket")).headers["location"] == "/loket/masuk"
        assert (await it.api.post("/loket", data={"cerita": STORY})).status_code == 403
        await sign_in(it, key)
        receipt = await kept(it)
        other = await open_form(it, "web")
        public = await it.api.post("/lapor", data={"kunci": await hidden(it), "cerita": STORY})
        [row] = (await it.record(told(public, "Kode lacak"))).handoffs
        assert (await it.api.get(f"/loket/terima/{row.report_id}")).status_code == 404
        assert (other != key, number(receipt)) == (True, 1)
        assert (await it.api.post("/loket", data={"kunci": await hidden(it), "cerita": STORY})).status_code == 400
        await it.ledger.write(revoke_credential, key.split("_")[1], "uji", it.gateway.clock.now())
        cookie = it.api.cookies["loket"]
        it.api.cookies.set("loket", cookie.replace("desk.", "lain.", 1))
        assert (await it.api.get("/loket")).headers["location"] == "/loket/masuk"


async def test_a_session_that_ends_while_a_form_is_filled_in_costs_no_word_of_it(
    tmp_path: Path, embedded: Backend
) -> None:
    async with installation(tmp_path, embedded) as it:
        key = await open_form(it, "desk")
        await sign_in(it, key)
        form = {"kunci": await hidden(it, "/loket"), "cerita": STORY, "nama": "Ani <b>", "nik": NIK}
        it.api.cookies.clear()
        late = await it.api.post("/loket", data=form)
        assert (late.status_code, STORY in late.text, "Ani &lt;b&gt;" in late.text) == (403, True, True)
        assert (marked(late, "kunci_loket"), "Hari ini" in late.text) == (True, False)
        wrong = await it.api.post("/loket", data=form | {"kunci_loket": "sgk_a_b"})
        assert (wrong.status_code, STORY in wrong.text, "sgk_a_b" in wrong.text) == (403, True, False)
        lacks = await it.api.post("/loket", data=form | {"kunci_loket": key, "cerita": ""})
        assert (lacks.status_code, marked(lacks, "cerita"), "loket" in it.api.cookies) == (422, True, True)
        it.api.cookies.clear()
        done = await it.api.post("/loket", data=form | {"kunci_loket": key})
        receipt = await it.api.get(done.headers["location"])
        assert (done.status_code, number(receipt)) == (303, 1)
        [kept] = (await it.record(told(receipt, "Kode lacak"))).messages
        opened = it.gateway.vault.open_key(kept.report_id, *await sealed_key(it, kept.report_id))
        assert key.encode() not in opened.open(MESSAGE_PART, kept.sealed_message)


async def sealed_key(it: Installation, report_id: UUID) -> tuple[bytes, str]:
    record = await it.record(str(report_id))
    return record.key.wrapped, record.key.master_key_id


def marked(answer: httpx.Response, field: str) -> bool:
    """Whether a field says that something is wrong with it, and has the focus."""
    found = re.search(rf'<(?:input|textarea) id="{field}"[^>]*>', answer.text)
    assert found is not None
    return all(word in found[0] for word in ('aria-invalid="true"', f"{field}-galat", " autofocus"))


async def test_a_receipt_that_is_asked_for_without_a_session_leads_to_the_sign_in(
    tmp_path: Path, embedded: Backend
) -> None:
    async with installation(tmp_path, embedded) as it:
        page = await it.api.get("/loket/terima/00000000-0000-7000-8000-000000000000")
        assert (page.status_code, 'href="/loket/masuk"' in page.text) == (403, True)


async def test_numbers_have_no_gap_and_no_twin_however_many_are_taken_at_once(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        now = it.gateway.clock.now()
        reports = [new_id(now) for _ in range(20)]
        day = now.date()
        taken = await asyncio.gather(
            *(it.ledger.write(take_number, "loket", day, each, now) for each in [*reports, *reports])
        )
        numbers = {report: place.number for report, place in zip([*reports, *reports], taken, strict=True)}
        assert sorted(numbers.values()) == list(range(1, 21))
        assert [place.number for place in taken[20:]] == [numbers[report] for report in reports]
        other = await it.ledger.write(take_number, "lain", day, new_id(now), now)
        assert (other.number, await it.ledger.read(list_desk, "lain", day)) == (1, [])
