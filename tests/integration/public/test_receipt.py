"""The receipt on its whole way: from the tracking page and for the channel, checked on the page and after erasure."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

from gateway.citizen_receipt_check import check_receipt
from gateway.ledger.erasure import erase_report
from gateway.ledger.journal import sequence
from gateway.notes import Checkpoint, sign_checkpoint
from gateway.receipting import Receipting
from tests.integration.backends import Backend
from tests.integration.installation import Installation, installation, until
from tests.integration.public.visits import STORY, hidden, open_form, told

NAME, PHONE = "Ani Contoh", "0812 0000 4321"


async def posted(it: Installation) -> tuple[str, UUID]:
    """The code and id of a delivered report with a name, a phone and a story."""
    await open_form(it)
    fields = {"kunci": await hidden(it), "cerita": STORY, "nama": NAME, "telepon": PHONE}
    code = told(await it.api.post("/lapor", data=fields), "Kode lacak")
    await it.settled(code)
    return code, (await it.record(code)).report.id


async def signed(it: Installation, report_id: UUID) -> None:
    """Every record of the report is in the log: those of transactions that still run beside it come later."""
    ring = it.gateway.ring
    receipts = Receipting(it.ledger, ring, it.gateway.clock.now)

    def sign(size: int, root: bytes) -> str:
        return sign_checkpoint(Checkpoint(ring.origin, size, root), ring.journal)

    async def done() -> bool:
        await it.ledger.write(sequence, 5000, it.gateway.clock.now(), sign)
        made = await receipts.receipt(report_id)
        return made is not None and made.checked.standing == "signed"

    await until(done)


async def test_whoever_proves_that_a_report_is_theirs_has_a_receipt_that_anybody_can_check(
    tmp_path: Path, place: Backend
) -> None:
    async with installation(tmp_path, place) as it:
        code, report_id = await posted(it)
        await signed(it, report_id)
        timeline = await it.api.post("/lacak", data={"kode": code, "bukti": "4321"})
        ticket = re.search(r'name="tiket" value="([^"]+)"', timeline.text)
        assert ticket is not None
        asked = {"laporan": str(report_id), "tiket": ticket[1], "bentuk": "json"}
        receipt = await it.api.post("/lacak/tanda-terima", data=asked)
        report = check_receipt(receipt.text, it.gateway.ring.trusted)
        assert (report.genuine, report.standing, report.is_of(code)) == (True, "signed", True)
        assert [report.called(one.destination) for one in report.received] == ["SP4N-LAPOR!"]
        assert [word for word in (NAME, "Kenanga", "00004321", code) if word in receipt.text] == []
        page = await it.api.post("/lacak/tanda-terima", data=asked | {"bentuk": "pdf"})
        assert (page.headers["content-type"], page.content[:5]) == ("application/pdf", b"%PDF-")
        assert (await it.api.post("/lacak/tanda-terima", data=asked | {"laporan": str(UUID(int=1))})).status_code == 404
        good = await it.api.post("/periksa", data={"tanda": receipt.text, "kode": code})
        assert (good.status_code, "Genuine" in good.text, "Not genuine" in good.text) == (200, True, False)
        assert ("Diterima SP4N-LAPOR!, nomor" in good.text, "Diterima sp4n" in good.text) == (True, False)
        forged = await it.api.post("/periksa", files={"berkas": ("t.json", receipt.content.replace(b"sp4n", b"sp5n"))})
        assert (forged.status_code, "Not genuine" in forged.text) == (422, True)
        altered = await it.api.post("/periksa", data={"tanda": receipt.text.replace("5000001", "5000002")})
        assert (altered.status_code, "sinya diubah setelah dibuat" in altered.text) == (422, True)
        assert "tidak lengkap tersalin" in (await it.api.post("/periksa", data={"tanda": receipt.text[:90]})).text


async def test_a_check_of_nothing_asks_for_something_and_what_was_pasted_stays(
    tmp_path: Path, embedded: Backend
) -> None:
    async with installation(tmp_path, embedded) as it:
        nothing = await it.api.post("/periksa", data={"tanda": " ", "kode": "K7RM"})
        assert (nothing.status_code, "Tidak asli" in nothing.text) == (422, False)
        assert 'aria-invalid="true" aria-describedby="tanda-galat" autofocus' in nothing.text
        assert 'value="K7RM"' in nothing.text
        other = await it.api.post("/periksa", data={"tanda": "ini <bukan> tanda terima"})
        assert (other.status_code, "ini &lt;bukan&gt; tanda terima</textarea>" in other.text) == (422, True)


async def test_a_receipt_that_is_asked_for_too_late_leads_back_to_the_tracking(
    tmp_path: Path, embedded: Backend
) -> None:
    async with installation(tmp_path, embedded) as it:
        asked = {"laporan": str(UUID(int=1)), "tiket": f"a.1.{'0' * 32}", "bentuk": "pdf"}
        late = await it.api.post("/lacak/tanda-terima", data=asked)
        assert (late.status_code, 'action="/lacak"' in late.text, "terlalu lama" in late.text) == (404, True, True)


async def test_a_receipt_says_that_it_is_not_signed_yet_and_outlives_the_person(
    tmp_path: Path, embedded: Backend
) -> None:
    async with installation(tmp_path, embedded) as it:
        [kept] = await it.post({"message_id": "1", "content": STORY, "reporter": {"name": NAME}})
        path = f"/v1/reports/{kept['id']}/receipt"
        await it.settled(kept["tracking_code"])
        early = check_receipt((await it.api.get(path, headers=it.bearer)).text, it.gateway.ring.trusted)
        assert early.genuine
        await signed(it, UUID(kept["id"]))
        await it.ledger.write(erase_report, UUID(kept["id"]), "uji", it.gateway.clock.now())
        late = (await it.api.get(path, headers=it.bearer)).text
        report = check_receipt(late, it.gateway.ring.trusted)
        assert (report.genuine, report.standing, [one.destination for one in report.received]) == (
            True,
            "signed",
            ["sp4n"],
        )
        assert [word for word in (NAME, "Kenanga") if word in late] == []
        other = await it.api.get(f"/v1/reports/{UUID(int=1)}/receipt", headers=it.bearer)
        assert other.status_code == 404
