"""A case as lines for people: labels in Indonesian with English beside them, the same for mail and PDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from adapters.contract import Case
from schemas.handoff import HandoffKind
from schemas.report import Location, Message, Reporter
from schemas.vocabulary import CLASSIFICATION_NAMES

Line = tuple[str, str]
"""A label and what stands beside it."""

HEADINGS: dict[HandoffKind, str] = {
    HandoffKind.REPORT: "Laporan warga / Citizen report",
    HandoffKind.ADDITION: "Pesan susulan pelapor / The reporter wrote again",
    HandoffKind.WITHDRAWAL: "Pelapor menarik laporannya / The reporter withdraws the report",
}
WITHHELD = "tidak disertakan / not passed on"
_JAKARTA = timezone(timedelta(hours=7))
_YES, _NO = "ya / yes", "tidak / no"


def facts(case: Case) -> Iterator[Line]:
    """What is known of the report beside its text, without what is unknown."""
    report = case.report
    yield "Kode lacak / Tracking code", case.tracking_code
    yield "Diterima / Accepted", local_time(case.accepted_at)
    yield "Kanal / Channel", case.channel
    yield "Judul / Title", report.title
    yield "Klasifikasi / Class", CLASSIFICATION_NAMES[report.classification]
    if report.category_id is not None:
        yield "Kategori LAPOR! / Category", str(report.category_id)
    if report.agency:
        yield "Instansi yang disebut / Agency named", report.agency
    if report.location is not None:
        yield from _place(report.location)
    if report.incident_date is not None:
        yield "Tanggal kejadian / Date of incident", report.incident_date.isoformat()
    yield "Anonim / Anonymous", _YES if report.is_anonymous else _NO
    yield "Rahasia / Secret", _YES if report.is_secret else _NO
    if report.is_priority:
        yield "Prioritas / Priority", _YES
    yield from _reporter(None if report.is_anonymous else case.reporter)


def messages(case: Case) -> Iterator[tuple[str, str]]:
    """When each message came that this handoff carries, and its text."""
    for message in case.messages:
        yield local_time(message.received_at), message.text or _bare(message)


def file_names(case: Case) -> list[str]:
    """The files that the reporter sent with what this handoff carries."""
    return [attachment.name for message in case.messages for attachment in message.attachments]


def local_time(at: datetime) -> str:
    """An instant as Jakarta's clock shows it: "2026-03-02 08:15 WIB"."""
    return f"{at.astimezone(_JAKARTA):%Y-%m-%d %H:%M} WIB"


def _place(location: Location) -> Iterator[Line]:
    names = (location.village, location.district, location.regency, location.province)
    written = ", ".join(name for name in names if name)
    if written:
        yield "Lokasi / Place", written
    if location.address:
        yield "Alamat / Address", location.address
    if location.latitude is not None and location.longitude is not None:
        yield "Koordinat / Coordinates", f"{location.latitude}, {location.longitude}"


def _reporter(reporter: Reporter | None) -> Iterator[Line]:
    if reporter is None:
        yield "Identitas pelapor / Reporter", WITHHELD
        return
    labels = {
        "name": "Nama pelapor / Reporter",
        "phone": "Telepon / Phone",
        "email": "E-mail",
        "nik": "NIK",
        "address": "Alamat pelapor / Reporter's address",
    }
    for field, label in labels.items():
        if value := getattr(reporter, field):
            yield label, value


def _bare(message: Message) -> str:
    """A message without text."""
    what = [*(["lokasi / a place"] if message.location else []), *(one.name for one in message.attachments)]
    return f"({', '.join(what) or 'kosong / empty'})"
