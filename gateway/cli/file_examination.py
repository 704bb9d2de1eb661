"""What `doctor` finds about files: the scanner, and those that were withheld."""

from __future__ import annotations

from datetime import datetime

from gateway.cli.examined import Examined, Grade
from gateway.inspection import INFECTED
from gateway.ledger import Ledger
from gateway.ledger.files import count_withheld
from gateway.scanner import Scanner
from gateway.settings import Settings

_SECONDS = 5.0


async def examine_scanner(settings: Settings) -> list[Examined]:
    """Whether the malware scanner answers."""
    if settings.scanner is None:
        mend = "set SP4N_GATEWAY_SCANNER to a clamd; until then files go as they came, marked `off`"
        return [Examined("scanner", Grade.NOTE, "off: files are not looked through for malware", mend)]
    version = await Scanner(settings.scanner, _SECONDS).version()
    if version is not None:
        return [Examined("scanner", Grade.WELL, version)]
    waits = settings.scanner_down == "wait"
    told = f"does not answer; {'cases with files wait' if waits else 'files go unscanned'}"
    mend = "start clamd, or mend SP4N_GATEWAY_SCANNER"
    return [Examined("scanner", Grade.ILL if waits else Grade.CARE, told, mend)]


async def examine_files(ledger: Ledger, now: datetime) -> Examined:
    """Whether files were withheld, and why."""
    counts = await ledger.read(count_withheld)
    if not counts:
        return Examined("files", Grade.WELL, "none is withheld")
    told = "withheld: " + ", ".join(f"{one.files} {one.reason}" for one in counts)
    infected = any(one.reason == INFECTED for one in counts)
    mend = "sp4n-gateway report show CODE names them; a person decides, the originals are kept sealed"
    return Examined("files", Grade.CARE if infected else Grade.NOTE, told, mend)
