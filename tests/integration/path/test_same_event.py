"""The same event told by several people: one complaint, everybody heard, and nobody lost when it was a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gateway.ledger.erasure import erase_report
from gateway.merging import Merging
from gateway.public.timeline import lines
from gateway.receipts.following import ALONE, FROM_ANOTHER
from schemas.handoff import HandoffKind, HandoffState
from tests.integration.backends import EMBEDDED, backend
from tests.integration.installation import SP4N, Installation, installation, until

LAMP = (
    "Lampu jalan di Jl. Merdeka depan SDN 3 Cimahi padam sejak Senin, gelap sekali, kemarin ada yang terserempet motor"
)
AGAIN = (
    "PJU depan SDN 3 Jl Merdeka Cimahi mati dari hari Senin, gelap. Tiangnya miring dan kabelnya menjuntai ke trotoar, "
    "anak sekolah takut lewat."
)


def told(name: str, phone: str, content: str) -> dict[str, Any]:
    return {"message_id": name, "content": content, "reporter": {"name": "Warga Uji", "phone": phone}}


async def follower(it: Installation) -> tuple[str, str]:
    """A report that was handed on, and another one about its event; their codes."""
    [first] = await it.post(told("a", "+6281200000011", LAMP))
    await it.settled(first["tracking_code"])
    [second] = await it.post(told("b", "+6281200000012", AGAIN))
    return first["tracking_code"], second["tracking_code"]


async def test_a_second_person_supports_the_first_and_is_told_how_it_stands(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            first, second = await follower(it)
            assert second != first

            async def passed_on() -> bool:
                return len((await it.record(first)).messages) == 2

            await until(passed_on)
            await it.settled(first)
            record = await it.record(second)
            assert (record.report.verdict, record.handoffs) == ("duplicate", ())
            assert len(it.simulators.complaints()) == 1
            assert len([row for row in (await it.record(first)).handoffs if row.kind is HandoffKind.ADDITION]) == 1
            [followup] = it.simulators.sp4n.book.of("followup")
            assert FROM_ANOTHER in str(followup)
            assert "Tiangnya miring" in str(followup)
            assert "Warga Uji" not in str(followup)
            answer = await it.api.get(f"/v1/reports/{record.report.id}", headers=it.bearer)
            linked = answer.json()["linked"]
            assert (linked["kind"], linked["handoffs"][0]["state"]) == ("supporter", "delivered")
            assert linked["handoffs"][0]["reference"] is None
            told_to_citizen = [line.text for line in lines(record, None, {})]
            assert any("mengikuti penanganannya" in line for line in told_to_citizen)
            assert any(line == f"Laporan diterima instansi: {SP4N}." for line in told_to_citizen)
            assert first not in str(answer.json()) + str(told_to_citizen)


async def test_one_that_was_linked_wrongly_goes_its_own_way(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            _, second = await follower(it)
            sent = await Merging(it.gateway.reviewing()).unlink(await it.record(second), "petugas", "lampu lain")
            assert sent == [SP4N]
            assert (await it.settled(second))[SP4N].state is HandoffState.DELIVERED
            assert len(it.simulators.complaints()) == 2


async def test_a_follower_goes_its_own_way_when_its_lead_is_erased(tmp_path: Path) -> None:
    with backend(EMBEDDED, tmp_path) as place:
        async with installation(tmp_path, place) as it:
            first, second = await follower(it)
            report_id = (await it.record(first)).report.id
            await it.ledger.write(erase_report, report_id, "petugas", it.gateway.clock.now())

            async def alone() -> bool:
                return bool(await it.handoffs(second))

            await until(alone)
            assert (await it.settled(second))[SP4N].state is HandoffState.DELIVERED
            assert ALONE in {action.actor for action in (await it.record(second)).actions}
