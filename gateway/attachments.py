"""The bytes of attachments: kept when they come, fetched where they do not, looked at before they go.

A file that cannot be had, or may not travel, must not hold the report back for ever: the case goes without it, and the
file's row says why. Only a scanner that is down holds it back, if it is set so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import structlog

from adapters.contract import CaseFile, Channel
from gateway.access_book import AccessBook
from gateway.casework import OpenCase
from gateway.clock import Clock
from gateway.filetypes import told_type
from gateway.inspection import INFECTED, TOO_LARGE, FileLimits, Inspection, inspect_file, inspect_head, needs_whole
from gateway.ledger import Ledger
from gateway.ledger.file_values import RELEASED, Inspected
from gateway.ledger.files import file_failed, file_inspected, file_stored
from gateway.ledger.values import Claimed, FileRow
from gateway.metrics import Metrics
from gateway.object_store import Bucket, ObjectStore
from gateway.pouring import measured, poured
from gateway.scanner import Scan, Scanner, ScanState
from gateway.settings import Settings
from gateway.storage import Folder, Storage
from gateway.vault import SubjectKey
from schemas.errors import Busy, GatewayError, TooLarge
from schemas.ids import new_id
from schemas.report import Attachment

log = structlog.get_logger("gateway.attachments")

MOST_TRIES = 8
_LONGEST_WAIT = 600.0
_SCANNER_WAIT = 30.0
_AT_ONCE = 4
"""Files of one process that are being fetched or looked at: one that is cleaned needs its 20 MB, and its pixels."""

_NOT_SCANNED = (ScanState.OFF.value, ScanState.DOWN.value)


@dataclass(frozen=True, slots=True)
class Files:
    """Where attachments lie, how they get there and what is looked for in them.

    `sends_unscanned`: a file goes although the scanner is down; otherwise its case waits.
    """

    storage: Storage
    ledger: Ledger
    access: AccessBook
    adapters: Mapping[str, Channel]
    now: Callable[[], datetime]
    metrics: Metrics
    limits: FileLimits = field(default_factory=FileLimits)
    scanner: Scanner = field(default_factory=Scanner)
    sends_unscanned: bool = False
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def gather(self, claimed: Claimed, opened: OpenCase, key: SubjectKey) -> tuple[CaseFile, ...]:
        """Every file of the case that may travel, in order. Raises Busy when one must be waited for."""
        rows = {(row.sequence, row.position): row for row in claimed.files}
        found = []
        for sequence, position, attachment in opened.attachments:
            row = rows.get((sequence, position))
            file = await self._one(claimed.report.channel, row, attachment, key) if row else None
            if file is not None:
                found.append(file)
        return tuple(found)

    async def _one(self, channel: str, row: FileRow, attachment: Attachment, key: SubjectKey) -> CaseFile | None:
        async with self._turns:
            if row.state == "waiting":
                row = await self._fetched(channel, row, attachment, key)
            if self._is_to_be_inspected(row):
                row = await self._inspected(row, attachment, key)
        if row.state != "stored" or row.stored is None:
            return None
        content = await asyncio.to_thread(self.storage.load, key, row.travels or row.stored)
        return CaseFile(attachment.name, row.media_type or attachment.media_type, content, attachment)

    def _is_to_be_inspected(self, row: FileRow) -> bool:
        """Not looked at yet, or not by the scanner that there is now. What a person let go is not looked at again."""
        if row.state != "stored" or RELEASED in (row.notes or "").split():
            return False
        return row.scan is None or (self.scanner.is_on and row.scan in _NOT_SCANNED)

    async def _fetched(self, channel: str, row: FileRow, attachment: Attachment, key: SubjectKey) -> FileRow:
        """The row once its bytes are stored, or marked as failed. Raises Busy while another try may help."""
        held = await self.access.any_channel(channel)
        adapter = self.adapters[held.kind]
        last_try = row.tries + 1 >= MOST_TRIES
        give = partial(adapter.fetch, attachment, held.secrets, held.options)
        keep = partial(self.storage.keep, key, new_id(self.now()))
        try:
            stored, told = await poured(give, keep, self.limits.most_bytes)
        except GatewayError as error:
            final = last_try or not isinstance(error, Busy)
            reason = TOO_LARGE if isinstance(error, TooLarge) else type(error).__name__
            await self.ledger.write(file_failed, row.id, reason, final)
            if not final:
                wait = min(max(getattr(error, "retry_after", 0.0), 2.0 ** (row.tries + 1)), _LONGEST_WAIT)
                raise Busy("an attachment is not here yet", retry_after=wait) from error
            return replace(row, state="failed")
        media_type = told_type(told.head, attachment.media_type)[:127]
        await self.ledger.write(file_stored, row.id, stored, told.size, told.sha256, media_type)
        seen = replace(row, sha256=told.sha256, media_type=media_type)
        return replace(seen, state="stored", stored=stored, size=told.size)

    async def _inspected(self, row: FileRow, attachment: Attachment, key: SubjectKey) -> FileRow:
        """The row once its file was looked at. Raises Busy when the scanner is down and must be waited for."""
        scan = await self.scanner.scan(_one_by_one(self.storage.pieces(key, row.stored or "")))
        self.metrics.file_scans(scan.state.value).inc()
        if scan.state is ScanState.DOWN and not self.sends_unscanned:
            log.warning("scanner.down", report=str(row.report_id), reason=scan.found)
            raise Busy("the malware scanner does not answer; files wait for it", retry_after=_SCANNER_WAIT)
        found = await self._found(row, attachment, key, scan)
        await self.ledger.write(file_inspected, row.id, found)
        if found.withheld is not None:
            self.metrics.files_withheld(found.withheld).inc()
            log.warning("file.withheld", report=str(row.report_id), file=str(row.id), reason=found.withheld)
        state = "stored" if found.withheld is None else "withheld"
        return replace(row, state=state, media_type=found.media_type, scan=found.scan, travels=found.travels)

    async def _found(self, row: FileRow, attachment: Attachment, key: SubjectKey, scan: Scan) -> Inspected:
        seen = await asyncio.to_thread(self._seen, row, attachment.media_type, key)
        infected = scan.state is ScanState.INFECTED
        travels = row.travels
        if seen.travels is not None and not infected:
            travels = await asyncio.to_thread(self.storage.keep, key, new_id(self.now()), seen.travels)
        return Inspected(
            sha256=seen.sha256,
            media_type=seen.media_type,
            scan=scan.state.value,
            found=scan.found or None,
            notes=" ".join(seen.notes) or None,
            withheld=INFECTED if infected else seen.withheld,
            travels=travels,
        )

    def _seen(self, row: FileRow, claimed: str, key: SubjectKey) -> Inspection:
        """What is found in a file. Only what is cleaned, or told by all of it, is in memory as a whole."""
        stored = row.stored or ""
        with closing(self.storage.pieces(key, stored)) as pieces:
            head = next(pieces, b"")
        if needs_whole(head):
            return inspect_file(self.storage.load(key, stored), claimed, self.limits)
        digest, size = row.sha256, row.size
        if digest is None or size is None:
            digest, size = measured(self.storage.pieces(key, stored))
        return inspect_head(head, size, digest, claimed, self.limits)


async def _one_by_one(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """What is read from storage, each piece in a thread; it is closed by whoever lets go of it last."""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def storage_of(settings: Settings) -> Storage:
    """Where the settings want attachments to lie. Raises Misconfigured when what that needs is not installed."""
    bucket = bucket_of(settings)
    return Storage(Folder(settings.files_path) if bucket is None else ObjectStore(bucket))


def bucket_of(settings: Settings) -> Bucket | None:
    """The bucket that the settings name; None: attachments lie in a folder."""
    if settings.files_store is None:
        return None
    parts = urlsplit(settings.files_store)
    return Bucket(
        parts.netloc,
        parts.path.strip("/") or None,
        settings.files_store_key_id or "",
        settings.files_store_secret or "",
        settings.files_store_endpoint,
        settings.files_store_region,
    )


def files_of(
    settings: Settings,
    ledger: Ledger,
    access: AccessBook,
    adapters: Mapping[str, Channel],
    clock: Clock,
    metrics: Metrics,
) -> Files:
    """What the settings want."""
    return Files(
        storage_of(settings),
        ledger,
        access,
        adapters,
        clock.now,
        metrics,
        settings.file_limits,
        Scanner(settings.scanner),
        sends_unscanned=settings.scanner_down == "send",
    )
