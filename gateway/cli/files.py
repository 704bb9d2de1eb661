"""How a file of a report stands, in a line for people."""

from __future__ import annotations

from gateway.ledger.values import FileRow

STATES = {
    "waiting": "belum diambil / not fetched yet",
    "stored": "tersimpan / kept",
    "failed": "tidak ada / not to be had",
    "withheld": "ditahan / withheld",
    "released": "dilepas petugas / let go by a person",
    "kept": "tetap ditahan / kept back",
}
SCANS = {
    None: "belum diperiksa / not looked at yet",
    "clean": "bersih / clean",
    "infected": "TERINFEKSI / INFECTED",
    "off": "tidak dipindai (mati) / unscanned (off)",
    "down": "tidak dipindai (gagal) / unscanned (down)",
}


def file_line(file: FileRow) -> str:
    """A file in one line, without its name: that is content. One that a person may decide about shows its id."""
    parts = [f"berkas / file {file.position + 1}: {STATES.get(file.state, file.state)}"]
    parts += [part for part in (file.reason, file.media_type, _size(file.size)) if part]
    if file.stored is not None:
        parts.append(SCANS.get(file.scan, str(file.scan)) + (f" ({file.found})" if file.found else ""))
    if file.travels is not None:
        parts.append("tanpa metadata / without metadata")
    parts += (file.notes or "").split()
    return " · ".join([*parts, str(file.id)] if file.state in ("withheld", "failed") else parts)


def _size(size: int | None) -> str | None:
    return None if size is None else f"{size} B" if size < 1024 else f"{size / 1024:.0f} KiB"
