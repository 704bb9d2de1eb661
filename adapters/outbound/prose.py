"""A case as one text that officials read, for destinations that have a single field for it. Never the reporter."""

from __future__ import annotations

from adapters.contract import Case
from schemas.handoff import HandoffKind
from schemas.report import Attachment, Location

WITHDRAWN = "Pelapor mencabut laporan ini."


def text_of_case(case: Case, limit: int) -> str:
    """The tracking code, then what the reporter says; at most `limit` characters, and if it was cut it says so.

    `limit` must leave room for the note, some 100 characters.
    """
    parts = _report(case) if case.kind is HandoffKind.REPORT else _later(case)
    text = "\n\n".join(part for part in (*parts, _files(attachments_of(case))) if part)
    if len(text) <= limit:
        return text
    note = f"\n\n[Dipotong; teks selengkapnya ada pada pengirim dengan kode {case.tracking_code}.]"
    return text[: limit - len(note) - 1].rstrip() + "…" + note


def attachments_of(case: Case) -> tuple[Attachment, ...]:
    """The attachments that this handoff is about."""
    if case.kind is HandoffKind.REPORT:
        return case.report.attachments
    return tuple(attachment for message in case.messages for attachment in message.attachments)


def place_of(location: Location | None) -> str:
    """The names of a place in one line, the nearest first; empty without any."""
    if location is None:
        return ""
    names = (location.address, location.village, location.district, location.regency, location.province)
    return ", ".join(name for name in names if name)


def _report(case: Case) -> list[str]:
    report, place = case.report, place_of(case.report.location)
    notes = [
        f"Lokasi: {place}" if place else "",
        f"Tanggal kejadian: {report.incident_date.isoformat()}" if report.incident_date else "",
        f"Instansi yang disebut pelapor: {report.agency}" if report.agency else "",
    ]
    return [f"{case.tracking_code} {report.title}", report.content, "\n".join(note for note in notes if note)]


def _later(case: Case) -> list[str]:
    withdrawn = case.kind is HandoffKind.WITHDRAWAL
    head = f"{case.tracking_code} [{'pencabutan' if withdrawn else 'tambahan'}]"
    return [head, WITHDRAWN if withdrawn else "", *(_message(m.text, m.location) for m in case.messages)]


def _message(text: str, location: Location | None) -> str:
    place = place_of(location)
    return "\n".join(part for part in (text, f"Lokasi: {place}" if place else "") if part)


def _files(attachments: tuple[Attachment, ...]) -> str:
    return f"Lampiran: {len(attachments)} berkas, ada pada pengirim." if attachments else ""
