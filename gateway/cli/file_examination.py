"""What `doctor` finds about files: the scanner, and those that did not travel."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import uuid4

from gateway.attachments import bucket_of
from gateway.cli.examined import Examined, Grade
from gateway.inspection import INFECTED
from gateway.ledger import Ledger
from gateway.ledger.files import count_undecided
from gateway.object_store import ObjectStore
from gateway.scanner import Scanner
from gateway.settings import Settings
from gateway.storage import name_of
from schemas.errors import Busy, GatewayError

_SECONDS = 5.0
_TRIAL = b"sp4n-gateway doctor"


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


async def examine_store(settings: Settings) -> list[Examined]:
    """Whether the object store, where there is one, takes a file, gives it back and removes it."""
    try:
        bucket = bucket_of(settings)
        if bucket is None:
            return []
        await asyncio.to_thread(_try_out, ObjectStore(bucket))
    except GatewayError as error:
        told = error.detail or type(error).__name__
        return [Examined("file store", Grade.ILL, told, "until then cases with files wait, and intake takes no file")]
    told = f"{settings.files_store} takes files and gives them back"
    return [Examined("file store", Grade.WELL, told)]


def _try_out(store: ObjectStore) -> None:
    """A trial that is left behind has a name like any file, so that it is collected as one that nobody owns."""
    name = name_of(uuid4())
    store.write(name, [_TRIAL])
    with store.reading(name) as file:
        if file.read() != _TRIAL:
            raise Busy("the object store gave back other bytes than it was given; nothing it holds can be relied on")
    store.remove(name)


async def examine_files(ledger: Ledger, now: datetime) -> Examined:
    """Whether files were withheld or could not be had, and why."""
    counts = await ledger.read(count_undecided)
    if not counts:
        return Examined("files", Grade.WELL, "none is withheld, and all could be had")
    words = {"withheld": "withheld", "failed": "not to be had"}
    told = ", ".join(f"{one.files} {words[one.state]} ({one.reason})" for one in counts)
    infected = any(one.reason == INFECTED for one in counts)
    mend = "sp4n-gateway file list names them; a person lets each go or keeps it back, the originals are kept sealed"
    return Examined("files", Grade.CARE if infected else Grade.NOTE, told, mend)
