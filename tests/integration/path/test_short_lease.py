"""The shortest lease that can be set is long enough to work with."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from gateway.lease import Lease
from gateway.settings import Settings
from schemas.handoff import OutcomeKind
from tests.integration.backends import Backend
from tests.integration.installation import Plan, installation

CONTENT = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri. Laporan ke-{}."
SHORTEST = min(one.ge for one in Settings.model_fields["lease"].metadata if hasattr(one, "ge"))
MARGIN = 0.5 * SHORTEST


async def test_a_worker_never_doubts_its_lease_between_two_beats(
    tmp_path: Path, place: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the machine itself kept it from beating for so long: then to doubt is right."""
    beats = []
    renew = Lease.renew

    async def noted(lease: Lease) -> None:
        await renew(lease)
        beats.append(asyncio.get_running_loop().time())

    monkeypatch.setattr(Lease, "renew", noted)
    async with installation(tmp_path, place, Plan(settings={"lease": SHORTEST})) as it:
        until = asyncio.get_running_loop().time() + 2 * SHORTEST
        number, doubts = 0, []
        while asyncio.get_running_loop().time() < until:
            [accepted] = await it.post({"message_id": str(number), "content": CONTENT.format(number)})
            await it.settled(accepted["tracking_code"])
            record = await it.record(accepted["tracking_code"])
            doubts += [row.reason for row in record.results if row.outcome is not OutcomeKind.DELIVERED]
            number += 1
    gaps = [after - before for before, after in pairwise(beats)]
    assert median(gaps) < MARGIN
    assert doubts == [] or max(gaps) > 0.9 * MARGIN, doubts
