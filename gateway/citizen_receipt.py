"""Verification of a citizen's receipt, offline: needs the file and the journal's public key, nothing of the gateway.

    python -m gateway.citizen_receipt FILE --key VKEY [--code CODE]

FILE holds the receipt in JSON, or what its QR code says. It needs the standard library, `cryptography` and the modules
citizen_receipt_check, citizen_receipt_format, bundle_format, findings, merkle and notes of this package.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from gateway.citizen_receipt_check import LIMIT, ReceiptReport, check_receipt
from gateway.citizen_receipt_format import Standing
from gateway.findings import INDONESIAN
from gateway.notes import InvalidNote, parse_verifier

STANDING_WORDS: dict[str, tuple[str, str]] = {
    Standing.SIGNED: ("semua sudah ditandatangani", "all of it is signed"),
    Standing.PARTLY_SIGNED: ("sebagian sudah ditandatangani", "a part of it is signed"),
    Standing.NOT_YET_SIGNED: ("sudah diterima, belum ditandatangani", "received, not yet signed"),
    Standing.NOT_RECEIVED: ("belum diterima siapa pun", "nobody has received it yet"),
    "pending": ("sedang diteruskan", "being handed on"),
    "uncertain": ("sedang dipastikan", "being made sure of"),
    "parked": ("terhambat", "held up"),
    "cancelled": ("tidak diteruskan", "not handed on"),
}
"""What a receipt says of itself, and of a destination that has not received the report."""


def verify_receipt(path: Path, keys: str | Iterable[str]) -> ReceiptReport:
    """Verify a receipt with the journal's verifier key, or with several if it was rotated.

    Raises InvalidNote for a mistyped key, OSError for a file that cannot be read.
    """
    trusted = [parse_verifier(key) for key in ([keys] if isinstance(keys, str) else keys)]
    with path.open("rb") as file:
        content = file.read(LIMIT + 1)
    return check_receipt(content.decode("utf-8", "replace"), trusted)


def told(report: ReceiptReport, code: str | None = None) -> str:
    """The report in words, Indonesian beside English. `code` is the tracking code that it is to belong to."""
    if not report.genuine:
        found = [f"- {INDONESIAN[each.problem]} / {each.problem}: {each.sentence}" for each in report.findings]
        return "\n".join(["TIDAK ASLI / NOT GENUINE", *found]) + "\n"
    lines = ["ASLI / GENUINE", f"Jurnal / journal: {report.origin}"]
    if code is not None and not report.is_of(code):
        lines[0] = "ASLI, TETAPI BUKAN DARI KODE INI / GENUINE, BUT NOT OF THIS CODE"
    if report.standing is not None:
        lines.append(f"Keadaan / standing: {' / '.join(STANDING_WORDS.get(report.standing, (report.standing,)))}")
    for one in report.received:
        number = f"nomor / number {one.reference or '-'}"
        lines.append(f"Diterima / received: {report.called(one.destination)}, {one.delivered_at}, {number}")
    for name, state in report.open:
        lines.append(f"{report.called(name)}: {' / '.join(STANDING_WORDS.get(state, (state,)))}")
    lines += [f"Dan {report.more} lainnya / and {report.more} more"] if report.more else []
    return "".join(f"{line}\n" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a receipt and say what came of it. Returns 0 when it is genuine, 1 when not, 2 when it cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.citizen_receipt", description="Periksa tanda terima / Verify a receipt."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="tanda terima / the receipt")
    parser.add_argument("--key", action="append", required=True, metavar="VKEY", help="kunci publik / the public key")
    parser.add_argument("--code", metavar="CODE", help="kode lacak / the tracking code that it is to belong to")
    chosen = parser.parse_args(arguments)
    try:
        report = verify_receipt(chosen.file, chosen.key)
    except (OSError, InvalidNote) as error:
        sys.stderr.write(f"TIDAK DAPAT DIPERIKSA / COULD NOT BE VERIFIED: {error}\n")
        return 2
    sys.stdout.write(told(report, chosen.code))
    return 0 if report.genuine and (chosen.code is None or report.is_of(chosen.code)) else 1


if __name__ == "__main__":
    sys.exit(main())
