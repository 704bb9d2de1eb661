"""The rows of a message's files: those whose bytes came along are stored before the rows are written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from adapters.contract import InboundFile
from gateway.inspection import TOO_LARGE, TOO_MANY, FileLimits
from gateway.ledger.values import FileRow
from gateway.storage import Storage
from gateway.vault import SubjectKey
from schemas.errors import Busy
from schemas.ids import new_id
from schemas.report import Message


@dataclass(frozen=True, slots=True)
class Filing:
    """Where files are kept, and what is taken."""

    storage: Storage
    limits: FileLimits


async def file_rows(
    filing: Filing,
    files: tuple[InboundFile, ...],
    message: Message,
    key: SubjectKey,
    report_id: UUID,
    *,
    sequence: int,
) -> tuple[FileRow, ...]:
    """A row for each attachment of the message: first those that must be fetched, then those of `files`.

    What is over a limit has a row too, which says so. Raises Busy when the disk is full.
    """
    rows = []
    waiting = len(message.attachments) - len(files)
    for position in range(len(message.attachments)):
        row = FileRow(new_id(message.received_at), report_id, position, sequence)
        if position >= filing.limits.most_files:
            row = replace(row, state="failed", reason=TOO_MANY)
        elif position >= waiting:
            row = await _stored(filing, key, row, files[position - waiting].content)
        rows.append(row)
    return tuple(rows)


async def _stored(filing: Filing, key: SubjectKey, row: FileRow, content: bytes) -> FileRow:
    if len(content) > filing.limits.most_bytes:
        return replace(row, state="failed", reason=TOO_LARGE, size=len(content))
    stored = await asyncio.to_thread(filing.storage.keep, key, row.id, content)
    return replace(row, state="stored", stored=stored, size=len(content))


async def drop_files(storage: Storage, rows: Iterable[FileRow]) -> None:
    """Remove what was stored for rows that were not written after all; what cannot be now is collected later."""
    for row in rows:
        if row.stored is not None:
            with suppress(Busy):
                await asyncio.to_thread(storage.remove, row.stored)
