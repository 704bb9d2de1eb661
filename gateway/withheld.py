"""What a person decides about files that do not travel by themselves: one goes after all, or stays for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import TypeAdapter

from gateway.casework import MESSAGE_PART
from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.file_decisions import FileRelease, keep_back, let_go
from gateway.ledger.file_values import RELEASED, FileRow
from gateway.ledger.files import find_file
from gateway.ledger.values import Kept, MessageRow, NewMessage, ReportRecord
from gateway.ledger.views import show_report
from gateway.storyline import kept_key
from gateway.vault import SubjectKey, Vault
from schemas.errors import Conflict, Invalid, NotFound
from schemas.ids import new_id
from schemas.report import Attachment, Message

_message = TypeAdapter(Message)


@dataclass(frozen=True, slots=True)
class Deciding:
    """What deciding needs. `actor` and the reason stand in the record of actions."""

    ledger: Ledger
    vault: Vault
    clock: Clock

    async def release(self, file_id: UUID, actor: str, why: str) -> Kept:
        """Let a file go as it came, as a later message of its report: to whoever has the report or is about to get it.

        One that could not be had is fetched once more. Raises NotFound, Conflict when it was decided before or its
        report is erased or leads nowhere, Invalid when its bytes were never kept.
        """
        file, record, key = await self._found(file_id)
        [held] = [one for one in record.messages if one.sequence == file.sequence]
        message = _message.validate_json(key.open(MESSAGE_PART, held.sealed_message))
        attachment = message.attachments[file.position]
        if file.stored is None and attachment.source is None:
            detail = "its bytes were not kept: it was larger than is taken, or one too many; ask for it anew"
            raise Invalid(detail, cause="bytes_not_kept")
        item = FileRelease(file.id, self._passed_on(message, attachment, file, held, key), actor, why)
        try:
            return await self.ledger.write(let_go, item)
        except NotFound as error:
            detail = "its report leads nowhere any more: all that was owed is cancelled"
            raise Conflict(detail, cause="leads_nowhere") from error

    async def keep(self, file_id: UUID, actor: str, why: str) -> None:
        """Say that a file stays where it is; nobody is reminded of it any more. Raises NotFound, Conflict."""
        await self._found(file_id)
        await self.ledger.write(keep_back, file_id, actor, why, self.clock.now())

    async def _found(self, file_id: UUID) -> tuple[FileRow, ReportRecord, SubjectKey]:
        file = await self.ledger.read(find_file, file_id)
        record = await self.ledger.read(show_report, file.report_id) if file else None
        if file is None or record is None:
            raise NotFound("no file has this id; `file list` shows those that wait", cause="no_file")
        key = kept_key(self.vault, record.key)
        if key is None:
            raise Conflict("its report is erased: nobody can open the file any more", cause="erased")
        return file, record, key

    def _passed_on(
        self, message: Message, attachment: Attachment, file: FileRow, held: MessageRow, key: SubjectKey
    ) -> NewMessage:
        """The file alone, as a message of its own. What was stored stays where it lies: both rows point at it."""
        now = self.clock.now()
        told = {"text": "", "location": None, "incident_date": None, "rating": None}
        alone = message.model_copy(update=told | {"attachments": (attachment,), "received_at": now})
        copy = FileRow(new_id(now), file.report_id, 0)
        if file.stored is not None:
            notes = " ".join([*(file.notes or "").split(), RELEASED])
            copy = replace(file, id=copy.id, position=0, sequence=0, state="stored", reason=None, notes=notes)
        row = MessageRow(
            id=new_id(now),
            report_id=file.report_id,
            channel=held.channel,
            message_key=self.vault.keyed_hash("released", file.id.bytes),
            message_digest=self.vault.keyed_hash("released", held.message_digest),
            received_at=now,
            sealed_message=key.seal(MESSAGE_PART, alone.model_dump_json().encode()),
        )
        return NewMessage(row, now, files=(copy,))
