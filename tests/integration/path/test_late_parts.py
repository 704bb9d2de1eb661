"""A part of a long text that comes after the rest went on reaches the same report: nothing is lost, nothing doubled."""

from __future__ import annotations

from pathlib import Path

from tests.integration.backends import Backend
from tests.integration.installation import Plan, installation, until
from tests.integration.path.test_vendors import has_complaints, make_channel, vonage

ADDRESS = "/v1/channels/vonage/webhook"
PARTS = (
    "Bandungkab, saya warga Desa Sukamaju. Jembatan gantung di dusun kami putus sejak hari Senin lalu, ",
    "anak-anak harus memutar lima kilometer untuk berangkat sekolah dan ibu hamil tidak bisa ke puskesmas, ",
    "mohon dibuatkan jembatan sementara sebelum musim hujan datang.",
)


async def test_a_late_part_is_a_followup_of_its_report(tmp_path: Path, place: Backend) -> None:
    async with installation(tmp_path, place, Plan(settings={"text_parts_within": 1})) as it:
        await make_channel(it, "vonage", {"signature_secret": "rahasia", "signature_method": "sha256"})
        for number in (3, 1):
            await it.api.post(ADDRESS, data=vonage(it, number, PARTS[number - 1], total=3))
        await until(lambda: has_complaints(it, 1))
        [complaint] = it.simulators.complaints()
        assert f"{PARTS[0].strip()} [bagian 2 dari 3 tidak sampai] {PARTS[2]}" in complaint["fields"]["content"]

        for _ in range(2):
            assert (await it.api.post(ADDRESS, data=vonage(it, 2, PARTS[1], total=3))).status_code == 200

        async def followed_up() -> bool:
            return len(it.simulators.sp4n.book.of("followup")) >= 1

        await until(followed_up)
        for number in (1, 2, 3):
            await it.api.post(ADDRESS, data=vonage(it, number, PARTS[number - 1], total=3))
        [followup] = it.simulators.sp4n.book.of("followup")
        assert f"[bagian 2 dari 3 menyusul] {PARTS[1].strip()}" in followup["fields"]["content"]
        assert len(it.simulators.complaints()) == 1
        [row] = await it.books()
        assert (row.channel, row.accepted) == ("vonage", 2), "the report and its follow-up"
