"""What happened to a report, in plain words for reporters: Indonesian first, English beside it."""

from __future__ import annotations

from schemas.handoff import HandoffKind
from schemas.status import EventKind
from schemas.timeline import Step

STEP_WORDS: dict[Step, str] = {
    Step.RECEIVED: "Laporan diterima / The report was received",
    Step.MESSAGE: "Pelapor menambahkan sesuatu / The reporter added something",
    Step.SET_ASIDE: "Laporan menunggu pemeriksaan / The report waits to be looked at",
    Step.LINKED: "Peristiwa yang sama sudah dilaporkan; laporan ini mengikuti penanganannya / "
    "The same event had been reported; this report follows how it is dealt with",
    Step.UNLINKED: "Laporan ini ditangani tersendiri / This report is dealt with on its own",
    Step.HANDED_OVER: "Laporan diterima instansi / An agency has the report",
}

HANDED_WORDS: dict[HandoffKind, str] = {
    HandoffKind.REPORT: STEP_WORDS[Step.HANDED_OVER],
    HandoffKind.ADDITION: "Tambahan diterima instansi / An agency has what was added",
    HandoffKind.WITHDRAWAL: "Pencabutan diterima instansi / An agency knows that the report is taken back",
    HandoffKind.NOTICE: "Pelapor diberi tahu / The reporter was told",
}

EVENT_WORDS: dict[EventKind, str] = {
    EventKind.STATUS: "Status berubah / The status changed",
    EventKind.ANSWER: "Instansi menulis / The agency wrote",
    EventKind.QUESTION: "Instansi bertanya kepada pelapor / The agency asks the reporter",
    EventKind.NOT_OURS: "Instansi menyatakan bukan kewenangannya / The agency says that it is not its matter",
    EventKind.LOG: "Catatan instansi / A note of the agency",
    EventKind.REOPENED: "Pelapor menyatakan belum selesai / The reporter says that it is not solved",
    EventKind.RATED: "Pelapor memberi nilai / The reporter gave a rating",
    EventKind.WITHDRAWN: "Pelapor mencabut laporan / The reporter took the report back",
}
