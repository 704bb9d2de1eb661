"""A gateway with something on every page of its console: parked, uncertain, held, withheld, refused, raised."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta

from gateway.alerts.conditions import Kind
from gateway.alerts.lasting import Alert, State, Step
from gateway.ledger.alerts import take_steps
from gateway.ledger.channels import add_channel
from gateway.ledger.not_ours import note_refused
from gateway.ledger.rerouting import ask_a_person
from gateway.ledger.users import UserRow, add_user
from gateway.ledger.values import ChannelRow, ReportRecord
from gateway.ledger.views import show_report
from gateway.roles import Role
from schemas.handoff import HandoffState
from schemas.ids import new_id
from tests.integration.console.serving import Served
from tests.integration.installation import until

PLACES = ("Cibiru", "Antapani", "Regol", "Sukajadi", "Lengkong", "Cicadas", "Coblong", "Gedebage", "Buahbatu", "Andir")
PROGRAM = base64.b64encode(b"MZ" + bytes(62) + b"PE\0\0" + bytes(200)).decode()
FILE = {"name": "bukti.exe", "media_type": "application/octet-stream", "content_base64": PROGRAM}


@dataclass(frozen=True, slots=True)
class Scenery:
    """Tracking codes of what there is, by where it stands."""

    parked: list[str]
    uncertain: list[str]
    held: list[str]
    with_files: list[str]
    refused: list[str]


def furnish(it: Served) -> Scenery:
    """Bring everything there while the ministry's certificate has expired."""
    parked = it.post(*(f"Obat darah tinggi di puskesmas {place} habis sejak dua minggu lalu." for place in PLACES))
    uncertain = it.post(
        *(f"Dana bansos warga {place} dipotong petugas seratus ribu setiap bulan." for place in PLACES[:6])
    )
    held = it.post(*(f"ini cuma tes saja ya min dari {place}, abaikan" for place in PLACES))
    with_files = it.post(
        *(
            f"Petugas puskesmas {place} meminta uang untuk surat rujukan, buktinya saya lampirkan."
            for place in PLACES[:4]
        ),
        attachments=[FILE],
    )
    refused = it.post(
        *(f"Antrean obat puskesmas {place} dibiarkan sampai malam tanpa petugas." for place in PLACES[:4])
    )
    for codes, state in ((parked, "parked"), (with_files, "parked"), (refused, "parked"), (uncertain, "uncertain")):
        for code in codes:
            _comes_to(it, code, HandoffState(state))
    for code in refused:
        _refuse(it, code)
    _raise_alerts(it)
    now = it.gateway.clock.now()
    it.done(it.gateway.ledger.write(add_channel, ChannelRow("loket-bandung", "desk", now, {}), "admin"))
    for name in ("budi", "citra", "dewi", "eko"):
        it.done(it.gateway.ledger.write(add_user, UserRow(name, Role.VIEWER, "no password", now, now), "admin"))
    return Scenery(parked, uncertain, held, with_files, refused)


def record_of(it: Served, code: str) -> ReportRecord:
    """Everything about a report."""
    found = it.done(it.gateway.ledger.read(show_report, code))
    assert found is not None
    return found


def is_tried(it: Served, code: str) -> None:
    """Return when the report's handoff was tried, whatever came of it."""

    async def tried() -> bool:
        found = await it.gateway.ledger.read(show_report, code)
        return found is not None and len(found.results) > 0

    it.done(until(tried))


def _comes_to(it: Served, code: str, state: HandoffState) -> None:
    async def there() -> bool:
        found = await it.gateway.ledger.read(show_report, code)
        return found is not None and [one.state for one in found.handoffs] == [state]

    it.done(until(there))


def _refuse(it: Served, code: str) -> None:
    """As if the agency had said that it is not its matter, and no other one were left."""
    record, now, ledger = record_of(it, code), it.gateway.clock.now(), it.gateway.ledger
    [handoff] = record.handoffs
    event = record.attempts[-1].id
    it.done(ledger.write(note_refused, [(event, handoff.id, now)]))
    it.done(ledger.write(ask_a_person, record.report.id, "rule:not_ours", now, {}, event))


def _raise_alerts(it: Served) -> None:
    now = it.gateway.clock.now()
    then, detail = now - timedelta(hours=3), {"free_mib": 180}
    raised = Alert(new_id(then), Kind.DISK, "files", State.RAISED, then, now, detail, then)
    over = Alert(new_id(then), Kind.DISK, "keys", State.CLEARED, then, now, {"free_mib": 9}, then, now)
    it.done(it.gateway.ledger.write(take_steps, [Step(None, raised), Step(None, over)], lambda _: ()))
