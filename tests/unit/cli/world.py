"""A ledger in which everything has happened once: delivered, refused, in doubt, held, not understood."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import Result

from adapters.contract import Unreadable
from adapters.simulator import parse_fault
from gateway.enrol import Enrolment, unreadable_row
from gateway.ledger.intake import park_inbound
from gateway.ledger.set_aside import list_parked
from gateway.storage import Folder, Storage
from schemas.handoff import HandoffState, ParkStage
from tests.integration.backends import EMBEDDED, Backend
from tests.integration.installation import (
    MINISTRY,
    SP4N,
    Installation,
    Plan,
    installation,
    until,
    whatsapp_delivery,
    whatsapp_text,
)

Cli = Callable[..., Result]

REPORTER = "Marlina Siagiman"
CONTENT = "Obat di puskesmas Cibiru habis sejak dua minggu, pasien disuruh beli sendiri di luar."
REFUSED = "Antrean di puskesmas Antapani sejak subuh, obat darah tinggi kosong lagi bulan ini."
DOUBTFUL = "Jalan di depan pasar Ujungberung berlubang dalam sejak bulan lalu, sudah banyak yang jatuh."
LATE = "Lampu penerangan jalan di Gang Kenanga padam dua minggu, rawan kalau malam."


@dataclass(frozen=True)
class World:
    """The folder of a gateway, and what lies in its ledger: tracking codes and ids."""

    folder: Path
    key: str
    delivered: str
    refused: str
    refused_handoff: str
    doubtful: str
    doubtful_handoff: str
    held: str
    held_parked: str
    strange_parked: str
    late_parked: str

    def copied(self, folder: Path) -> None:
        """The same in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)


def environ_of(folder: Path) -> dict[str, str]:
    """The variables by which a command finds the gateway in this folder."""
    return {"SP4N_GATEWAY_CONFIG": str(folder / "gateway.yaml"), "SP4N_GATEWAY_DATA_DIR": str(folder / "data")}


def make_world(folder: Path) -> World:
    """Let it all happen, through real sockets, once."""
    return asyncio.run(_happen(folder))


async def _happen(folder: Path) -> World:
    (folder / "data").mkdir()
    backend = Backend(EMBEDDED, f"sqlite:///{folder / 'data' / 'ledger.sqlite'}", "memory://", "sp4ngw_test_cli")
    plan = Plan(
        sp4n_faults=[parse_fault("stall_after:request=3:path=/complaints/complaint$")],
        ministry_faults=[parse_fault("status:request=2:status=422:method=POST")],
        read="500ms",
    )
    async with installation(folder, backend, plan) as it:
        codes = await _post(it)
        await it.whatsapp({"from": "6281200000001", "id": "wamid.P1", "timestamp": "1749416383", "type": "poll"})
        await _park_late(it)
        await until(lambda: _settled(it))
        return await _found(it, folder, codes)


async def _post(it: Installation) -> dict[str, str]:
    """One after the other, so that the faults meet the reports that they are meant for."""
    codes: dict[str, str] = {}
    texts = {"delivered": CONTENT, "refused": REFUSED, "doubtful": DOUBTFUL, "held": "tes tes 123"}
    for name, content in texts.items():
        sent: dict[str, Any] = {"message_id": name, "content": content, "reporter": {"name": REPORTER}}
        if name == "delivered":
            sent["attachments"] = [
                {"name": "obat.txt", "media_type": "text/plain", "content_base64": "ZGFmdGFyIG9iYXQ="}
            ]
        [accepted] = await it.post(sent)
        codes[name] = accepted["tracking_code"]
        await it.settled(accepted["tracking_code"])
    return codes


async def _park_late(it: Installation) -> None:
    """A message that an older version did not understand, and this one does."""
    gateway = it.gateway
    enrolment = Enrolment(
        gateway.vault, Storage(Folder(gateway.settings.files_path)), gateway.config.rules, gateway.clock.now
    )
    raw = json.dumps(whatsapp_delivery(whatsapp_text("LATE", LATE))).encode()
    row = unreadable_row(enrolment, "wa", Unreadable("wamid.LATE", "type_text", raw))
    await gateway.ledger.group(park_inbound, row)


async def _settled(it: Installation) -> bool:
    return len(await it.ledger.read(list_parked, stage=ParkStage.PARSE)) == 2


async def _found(it: Installation, folder: Path, codes: dict[str, str]) -> World:
    refused, doubtful = await it.handoffs(codes["refused"]), await it.handoffs(codes["doubtful"])
    assert refused[MINISTRY].state is HandoffState.PARKED
    assert doubtful[SP4N].state is HandoffState.UNCERTAIN
    [held] = (await it.record(codes["held"])).parked
    parse = {row.reason: str(row.id) for row in await it.ledger.read(list_parked, stage=ParkStage.PARSE)}
    late = parse.pop("type_text")
    return World(
        folder=folder,
        key=it.key,
        refused_handoff=str(refused[MINISTRY].id),
        doubtful_handoff=str(doubtful[SP4N].id),
        held_parked=str(held.id),
        strange_parked=next(iter(parse.values())),
        late_parked=late,
        **codes,
    )
