"""Tracking: only with a proof, the same answer for everything that is wrong, no identity and no text."""

from __future__ import annotations

from pathlib import Path

from gateway.public.timeline import lines
from schemas.tracking import new_tracking_code
from tests.integration.backends import Backend
from tests.integration.installation import Installation, installation
from tests.integration.public.visits import STORY, hidden, open_form, told


async def looked_up(it: Installation, code: str, proof: str) -> tuple[int, str]:
    answer = await it.api.post("/lacak", data={"kode": code, "bukti": proof})
    return answer.status_code, answer.text.replace(code, "")


async def test_code_and_phone_or_pin_open_the_timeline_and_nothing_else_does(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place) as it:
        await open_form(it)
        fields = {"kunci": await hidden(it), "cerita": STORY, "nama": "Ani Contoh", "telepon": "0812 0000 4321"}
        kept = await it.api.post("/lapor", data=fields)
        code, pin = told(kept, "Kode lacak"), told(kept, "PIN")
        for proof in (pin, f" {pin[:3]} {pin[3:]} ", "4321"):
            status, text = await looked_up(it, code, proof)
            assert (status, "Laporan diterima" in text) == (200, True)
            assert [word for word in ("Ani Contoh", "Kenanga", "00004321", "0000 4321", pin) if word in text] == []
        wrong = await looked_up(it, code, "1234")
        assert wrong[0] == 404
        assert await looked_up(it, new_tracking_code(), "1234") == wrong
        assert await looked_up(it, code, "0000000") == wrong
        lacks, text = await looked_up(it, code, "")
        assert (lacks, 'aria-describedby="bukti-galat"' in text) == (422, True)


async def test_what_is_missing_or_misspelt_is_told_at_its_field_and_counts_for_nothing(
    tmp_path: Path, embedded: Backend
) -> None:
    async with installation(tmp_path, embedded) as it:
        for code, proof, fields in (("", "", ("kode", "bukti")), ("K7RM-4XQ9-HT3C", "1234", ("kode",))):
            for _ in range(12):
                answer = await it.api.post("/lacak", data={"kode": code, "bukti": proof})
                wrong = tuple(field for field in ("kode", "bukti") if f'id="{field}-galat"' in answer.text)
                assert (answer.status_code, wrong, f'value="{code}"' in answer.text) == (422, fields, True)


async def test_a_report_without_a_phone_is_opened_by_its_pin_only(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        await open_form(it)
        kept = await it.api.post("/lapor", data={"kunci": await hidden(it), "cerita": STORY})
        code, pin = told(kept, "Kode lacak"), told(kept, "PIN")
        assert (await looked_up(it, code, "0000"))[0] == 404
        assert (await looked_up(it, code, pin))[0] == 200


async def test_a_code_is_tried_so_often_and_no_more_whether_it_exists_or_not(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        code = new_tracking_code()
        answers = [(await looked_up(it, code, f"{number:04}"))[0] for number in range(11)]
        assert answers == [404] * 10 + [429]
        assert (await looked_up(it, code.replace("-", " ").lower(), "0000"))[0] == 429
        assert (await looked_up(it, new_tracking_code(), "0000"))[0] == 404


async def test_the_timeline_names_who_received_the_report_under_which_number(tmp_path: Path, embedded: Backend) -> None:
    async with installation(tmp_path, embedded) as it:
        [kept] = await it.post({"message_id": "1", "content": f"{STORY} Obat di puskesmas juga habis."})
        handoffs = await it.settled(kept["tracking_code"])
        told_of = [line.text for line in lines(await it.record(kept["tracking_code"]), None, {})]
        assert set(told_of) == {
            "Laporan diterima.",
            *(f"Laporan diterima instansi: {name}, nomor {row.reference}." for name, row in handoffs.items()),
        }
