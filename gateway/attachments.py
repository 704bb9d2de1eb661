"""The bytes of attachments: kept when they come along, fetched from the vendor when they do not.

A file that cannot be had must not hold the report back for ever: after `MOST_TRIES` the case goes without it, and the
file stays marked as failed with its reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.contract import CaseFile, Channel
from gateway.access_book import AccessBook
from gateway.casework import OpenCase
from gateway.ledger import Ledger
from gateway.ledger.files import file_failed, file_stored
from gateway.ledger.values import Claimed, FileRow
from gateway.storage import Storage
from gateway.vault import SubjectKey
from schemas.errors import Busy, GatewayError
from schemas.ids import new_id
from schemas.report import Attachment

MOST_TRIES = 8
_LONGEST_WAIT = 600.0


@dataclass(frozen=True, slots=True)
class Files:
    """Where attachments lie and how they get there."""

    storage: Storage
    ledger: Ledger
    access: AccessBook
    adapters: Mapping[str, Channel]
    now: Callable[[], datetime]

    async def gather(self, claimed: Claimed, opened: OpenCase, key: SubjectKey) -> tuple[CaseFile, ...]:
        """Every file of the case that can be had, in order. Raises Busy when one must be waited for."""
        rows = {(row.sequence, row.position): row for row in claimed.files}
        found = []
        for sequence, position, attachment in opened.attachments:
            row = rows.get((sequence, position))
            file = await self._one(claimed.report.channel, row, attachment, key) if row else None
            if file is not None:
                found.append(file)
        return tuple(found)

    async def _one(self, channel: str, row: FileRow, attachment: Attachment, key: SubjectKey) -> CaseFile | None:
        if row.state == "failed":
            return None
        if row.stored is None:
            row = await self._fetched(channel, row, attachment, key)
        if row.stored is None:
            return None
        content = await asyncio.to_thread(self.storage.load, key, row.stored)
        return CaseFile(attachment.name, attachment.media_type, content)

    async def _fetched(self, channel: str, row: FileRow, attachment: Attachment, key: SubjectKey) -> FileRow:
        """The row once its bytes are stored, or marked as failed. Raises Busy while another try may help."""
        held = await self.access.any_channel(channel)
        adapter = self.adapters[held.kind]
        last_try = row.tries + 1 >= MOST_TRIES
        try:
            content = await adapter.fetch(attachment, held.secrets, held.options)
            stored = await asyncio.to_thread(self.storage.keep, key, new_id(self.now()), content)
        except GatewayError as error:
            final = last_try or not isinstance(error, Busy)
            await self.ledger.write(file_failed, row.id, type(error).__name__, final)
            if not final:
                wait = min(max(getattr(error, "retry_after", 0.0), 2.0 ** (row.tries + 1)), _LONGEST_WAIT)
                raise Busy("an attachment is not here yet", retry_after=wait) from error
            return replace(row, state="failed")
        await self.ledger.write(file_stored, row.id, stored, len(content))
        return replace(row, state="stored", stored=stored, size=len(content))
