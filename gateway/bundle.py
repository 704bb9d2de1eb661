"""Verification of an evidence bundle, offline: needs the file and the journal's public key, no ledger, no other keys.

    python -m gateway.bundle FILE --key VKEY

It says that these records were in the log when its checkpoint was signed, and that nobody changed the bundle since. It
cannot say that the log holds no other record; and who only has a bundle must get the key from somewhere else. It needs
nothing but the standard library, `cryptography` and the modules bundle_check, bundle_format, commitments, findings,
merkle, notes and numbers of this package.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from gateway.bundle_check import BundleCheck, BundleReport
from gateway.findings import INDONESIAN
from gateway.notes import InvalidNote, parse_verifier


def verify_bundle(path: Path, keys: str | Iterable[str], against: Sequence[str] = ()) -> BundleReport:
    """Verify a bundle with the journal's verifier key, or with several if it was rotated.

    `against` are checkpoints kept elsewhere: the bundle must show that the log continues them. Raises InvalidNote for a
    mistyped key, OSError for a file that cannot be read.
    """
    trusted = tuple(parse_verifier(key) for key in ([keys] if isinstance(keys, str) else keys))
    check = BundleCheck(trusted)
    with path.open("rb") as file:
        check.read(file)
    for note in against:
        check.compare(note)
    return check.report()


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a bundle and say what came of it. Returns 0 when it is whole, 1 when not, 2 when it could not be read."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.bundle", description="Periksa berkas bukti / Verify evidence."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="berkas bukti / the bundle")
    parser.add_argument("--key", action="append", required=True, metavar="VKEY", help="kunci publik / the public key")
    parser.add_argument(
        "--checkpoint",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="checkpoint yang disimpan / a kept one",
    )
    chosen = parser.parse_args(arguments)
    try:
        against = [path.read_text(encoding="utf-8") for path in chosen.checkpoint]
        report = verify_bundle(chosen.file, chosen.key, against)
    except (OSError, InvalidNote, UnicodeDecodeError) as error:
        sys.stderr.write(f"TIDAK DAPAT DIPERIKSA / COULD NOT BE VERIFIED: {error}\n")
        return 2
    sys.stdout.write(told(report))
    return 0 if report.whole else 1


def told(report: BundleReport) -> str:
    """The report in words, Indonesian beside English."""
    lines = ["UTUH / INTACT" if report.whole else f"TIDAK UTUH / NOT INTACT ({report.found})"]
    if report.checkpoint:
        lines.append(f"Jurnal / journal: {report.checkpoint.origin}, {report.checkpoint.size} catatan / records")
    lines.append(
        f"Dibuat / made: {report.made_at}; isi / selection: {json.dumps(report.selection, ensure_ascii=False)}"
    )
    lines.append(
        f"Percobaan / attempts: {report.attempts}; hasil / results: {report.results}; "
        f"isi yang dibuka / openings: {report.openings}"
    )
    lines += [f"- {INDONESIAN[finding.problem]} / {finding.problem}: {finding.sentence}" for finding in report.findings]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
