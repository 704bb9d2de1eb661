"""What the simulated national system knows, told from its book: files, complaints, where they lie, what was said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.destinations.sp4n.loose import as_object
from adapters.destinations.sp4n.simulated_rules import Part
from adapters.simulator import Book
from schemas.base import Json

_JAKARTA = ZoneInfo("Asia/Jakarta")

STATUSES = (
    ("1", "Belum Terverifikasi"),
    ("2", "Terverifikasi"),
    ("4", "Dalam Proses"),
    ("5", "Ditindaklanjuti oleh Instansi"),
    ("8", "Selesai"),
)
"""The usual course; other names can be set."""


@dataclass(slots=True)
class Complaint:
    """One complaint as it stands."""

    number: int
    tracking_id: int
    disposition: int
    fields: dict[str, Json]
    status_code: str
    status_name: str
    logs: list[dict[str, Json]] = field(default_factory=list)
    followups: list[dict[str, Json]] = field(default_factory=list)


class State:
    """Follows the book, so that a server that is started again knows what it took before."""

    def __init__(self) -> None:
        self.files: set[int] = set()
        self.complaints: dict[int, Complaint] = {}
        self.followups = 0
        self._followed = 0

    def follow(self, book: Book) -> None:
        """Take in what was written since the last time."""
        for entry in book.since(self._followed):
            getattr(self, f"_{entry['kind']}")(entry)
            self._followed += 1

    def _file(self, entry: dict[str, Json]) -> None:
        self.files.add(entry["id"])

    def _complaint(self, entry: dict[str, Json]) -> None:
        fields = entry["fields"]
        code, name = STATUSES[0]
        made = Complaint(entry["id"], entry["tracking_id"], fields["disposition_id"], fields, code, name)
        self.complaints[made.number] = made
        made.logs.append(_log(entry["at"], "Laporan dibuat oleh {{institution_from}}", made.disposition))

    def _pass_on(self, entry: dict[str, Json]) -> None:
        complaint = self.complaints[entry["complaint_id"]]
        note = "Laporan diteruskan dari {{institution_from}} kepada {{institution_to}}"
        complaint.logs.append(_log(entry["at"], note, complaint.disposition, entry["to"]))
        complaint.disposition = entry["to"]

    def _followup(self, entry: dict[str, Json]) -> None:
        self.followups += 1
        self.complaints[entry["complaint_id"]].followups.append(entry)

    def _status(self, entry: dict[str, Json]) -> None:
        complaint = self.complaints[entry["complaint_id"]]
        note = entry["note"] or "Status diubah dari {{status_old}} menjadi {{status_new}}"
        changed = {"status_old": complaint.status_name, "status_new": entry["status_name"]}
        complaint.logs.append({**_log(entry["at"], note, complaint.disposition), **changed})
        complaint.status_code, complaint.status_name = entry["status_code"], entry["status_name"]


def _log(at: str, note: str, sender: int, addressee: int | None = None) -> dict[str, Json]:
    return {"note": note, "timestamp": at, "institution_from_id": sender, "institution_to_id": addressee}


def local(at: datetime) -> str:
    """A time as the book has it."""
    return at.astimezone(_JAKARTA).isoformat(timespec="seconds")


def file_facts(part: Part) -> dict[str, Json]:
    """What the book keeps of a file."""
    digest = hashlib.sha256(part.content).hexdigest()
    return {"name": part.file_name, "media_type": part.media_type, "bytes": len(part.content), "sha256": digest}


def shown(entry: dict[str, Json]) -> dict[str, Json]:
    """A follow-up as call 5 lists it: the time is local and has no zone."""
    fields = as_object(entry["fields"])
    created_at = datetime.fromisoformat(str(entry["at"])).strftime("%d-%m-%Y %H:%M:%S")
    shown = {"id": entry["id"], "content": fields["content"], "created_at": created_at}
    return {**shown, "institution_from_id": fields["institution_from_id"]}
