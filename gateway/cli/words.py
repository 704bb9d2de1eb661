"""What states, grades and sources mean, in words for operations: Indonesian first, English beside it."""

from __future__ import annotations

from gateway.clocks import ClockState
from schemas.handoff import Evidence, HandoffState, OutcomeKind, ResultSource
from schemas.screening import VerdictKind

STATES: dict[HandoffState, str] = {
    HandoffState.PENDING: "masih harus dikirim / still owed",
    HandoffState.DELIVERED: "sudah diterima tujuan / the destination has it",
    HandoffState.UNCERTAIN: "mungkin sudah tiba; perlu diperiksa / may have arrived; to be looked into, not sent again",
    HandoffState.PARKED: "disisihkan; `handoff redrive` mengirimnya lagi / set aside; `handoff redrive` puts it back",
    HandoffState.CANCELLED: "diputuskan tidak dikirim / decided not to be sent",
}

GRADES: dict[Evidence, str] = {
    Evidence.REFERENCED: "dijawab dengan nomor rujukan tujuan / acknowledged with the destination's own reference",
    Evidence.ACKNOWLEDGED: "dijawab tanpa nomor rujukan / acknowledged without a reference",
    Evidence.RECONCILED: "ditemukan saat ditanyakan kembali / found by asking after an uncertain attempt",
    Evidence.CONFIRMED: "dipastikan oleh petugas / confirmed by a person",
    Evidence.DUPLICATE_SUSPECTED: "terkirim, mungkin dua kali / delivered, perhaps twice",
}

VERDICTS: dict[VerdictKind, str] = {
    VerdictKind.ACCEPT: "laporan / a report",
    VerdictKind.ASK: "ada yang kurang; menunggu pelapor / something is missing; waits for the reporter",
    VerdictKind.HOLD: "mungkin bukan laporan; petugas memutuskan / probably no report; a person decides",
    VerdictKind.DUPLICATE: "sudah pernah dilaporkan / reported before",
}

SOURCES: dict[ResultSource, str] = {
    ResultSource.REPLY: "",
    ResultSource.REAPER: "pekerja mati di tengah jalan / the worker died in between",
    ResultSource.LATE: "jawaban datang terlambat / the answer came late",
    ResultSource.OPERATOR: "dinyatakan petugas / said by a person",
    ResultSource.BOUNCE: "surat kembali / the mail came back",
}

DELIVERED: dict[str, str] = {
    "sent": "vendor: dikirim / vendor: sent",
    "delivered": "vendor: sampai / vendor: delivered",
    "read": "vendor: dibaca / vendor: read",
    "failed": "vendor: gagal / vendor: failed",
}
"""What a channel's vendor tells of a message that we sent."""

STYLES: dict[str, str] = {
    OutcomeKind.DELIVERED: "green",
    OutcomeKind.DEFERRED: "yellow",
    OutcomeKind.REFUSED: "red",
    OutcomeKind.UNCERTAIN: "magenta",
    HandoffState.PENDING: "cyan",
    HandoffState.PARKED: "red",
    HandoffState.CANCELLED: "dim",
}
"""The colour of an outcome or a state wherever it is shown."""

CLOCK_STYLES: dict[ClockState, str] = {
    ClockState.APPROACHING: "yellow",
    ClockState.BROKEN: "red",
    ClockState.MET: "green",
    ClockState.MET_LATE: "yellow",
}
