"""What is due to reports that follow another one: their news reaches it, and what becomes of it is told to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from pydantic import TypeAdapter

from gateway.casework import MESSAGE_PART
from gateway.filing import Filing
from gateway.ledger.additions import add_messages
from gateway.ledger.conversations import find_thread
from gateway.ledger.links import due_links, note_tended
from gateway.ledger.notices import owe_notices
from gateway.ledger.values import Conversation, FileRow, LinkRow, MessageRow, NewMessage, NewNotice, ReportRecord
from gateway.ledger.views import show_report
from gateway.likeness import brings_news
from gateway.merging import Merging, leads
from gateway.notice_answers import notice_of_link
from gateway.owing import owed_notice
from gateway.receipts.keeping import Keeping
from gateway.receipts.telling import about_report, notice_for
from gateway.review import Reviewing, whole_report
from gateway.storyline import kept_key
from gateway.vault import SubjectKey
from schemas.errors import GatewayError, LedgerUnavailable
from schemas.handoff import LinkKind
from schemas.ids import new_id
from schemas.report import Attachment, Message
from schemas.status import EventKind

log = structlog.get_logger("gateway.following")

ALONE = "rule:lead_gone"
"""Who lets a report go its own way when the one it followed is taken back or cancelled."""
FROM_ANOTHER = "Warga lain menyampaikan tentang kejadian yang sama:"

_AT_ONCE = 100
_LATER = timedelta(minutes=1)
_TRIES_WHEN_STALE = 5
_message = TypeAdapter(Message)


@dataclass(frozen=True, slots=True)
class Following:
    """What tending the links needs."""

    keeping: Keeping
    filing: Filing
    reviewing: Reviewing

    async def tend(self) -> None:
        """Do whatever is due. What cannot be done now is tried again a minute later. Raises LedgerUnavailable."""
        ledger, clock = self.keeping.ledger, self.keeping.clock
        while links := await ledger.read(due_links, clock.now(), _AT_ONCE):
            for link in links:
                try:
                    await self._tend(link)
                except LedgerUnavailable:
                    raise
                except GatewayError as error:
                    log.warning("link.not_tended", report=str(link.report_id), reason=type(error).__name__)
                    again = clock.now() + _LATER
                    await ledger.write(note_tended, link, link.passed, link.told_at, again)

    async def _tend(self, link: LinkRow) -> None:
        ledger, now = self.keeping.ledger, self.keeping.clock.now()
        record = await ledger.read(show_report, link.report_id)
        if record is None or record.lead is None:
            await ledger.write(note_tended, link, link.passed, link.told_at)
            return
        if not leads(record.lead):
            sent = await Merging(self.reviewing).unlink(record, ALONE, "the report that it followed leads nowhere")
            log.info("link.parted", report=str(link.report_id), destinations=sent)
            return
        mine, theirs = (kept_key(self.keeping.vault, one.key) for one in (record, record.lead))
        if mine is not None and theirs is not None:
            for row in record.messages[link.passed :]:
                await self._pass_on(record, row, mine, link.kind)
            await ledger.write(owe_notices, self._news(record, link, mine, now))
        await ledger.write(note_tended, link, len(record.messages), now)

    async def _pass_on(self, record: ReportRecord, row: MessageRow, mine: SubjectKey, kind: LinkKind) -> None:
        """Add what a message tells that the lead does not say yet to the lead, as a later message of it."""
        message = _message.validate_json(mine.open(MESSAGE_PART, row.sealed_message))
        if record.report.is_secret or message.is_secret:
            return
        for _ in range(_TRIES_WHEN_STALE):
            lead = await self.keeping.ledger.read(show_report, record.lead.report.id) if record.lead else None
            talk = await self.keeping.ledger.read(find_thread, lead.report.id) if lead else None
            if lead is None or talk is None:
                return
            theirs = self.keeping.vault.open_key(lead.key.subject_id, lead.key.wrapped, lead.key.master_key_id)
            files = [one for one in record.files if one.sequence == row.sequence and _travels(one, record, lead)]
            known = whole_report(lead, theirs).content
            if not files and not brings_news(message.text, known):
                return
            rows = await self._rows(message, row, files, (mine, theirs), talk, kind)
            if not (await self.keeping.ledger.group(add_messages, rows)).stale:
                return

    async def _rows(
        self,
        message: Message,
        row: MessageRow,
        files: Sequence[FileRow],
        keys: tuple[SubjectKey, SubjectKey],
        talk: Conversation,
        kind: LinkKind,
    ) -> NewMessage:
        """The message as one of the lead: sealed under its key, and without a word of who sent it."""
        mine, theirs = keys
        vault, now, lead = self.keeping.vault, self.keeping.clock.now(), talk.report
        text = f"{FROM_ANOTHER}\n{message.text}" if kind is LinkKind.SUPPORTER and message.text else message.text
        taken = tuple(_attachment(message, file) for file in files)
        update = {"text": text, "attachments": taken, "sequence": lead.messages, "received_at": now, "rating": None}
        passed = message.model_copy(update=update | {"is_anonymous": False})  # it says so of its own reporter only
        return NewMessage(
            message=MessageRow(
                id=new_id(now),
                report_id=lead.id,
                channel=lead.channel,
                message_key=vault.keyed_hash("passed on", row.id.bytes),
                message_digest=vault.keyed_hash("passed on", row.message_digest),
                received_at=now,
                sealed_message=theirs.seal(MESSAGE_PART, passed.model_dump_json().encode()),
                sequence=lead.messages,
            ),
            due_at=now,
            files=tuple([await self._copied(file, at, lead.id, mine, theirs) for at, file in enumerate(files)]),
            expected=lead.messages,
        )

    async def _copied(self, file: FileRow, at: int, lead: UUID, mine: SubjectKey, theirs: SubjectKey) -> FileRow:
        """The file as one of the lead: its bytes, where they are here, sealed under its key."""
        now = self.keeping.clock.now()
        copy = FileRow(new_id(now), lead, at)
        if file.stored is None:
            return copy
        storage = self.filing.storage
        stored = await asyncio.to_thread(storage.keep, theirs, copy.id, storage.pieces(mine, file.stored))
        return replace(copy, state="stored", stored=stored, size=file.size)

    def _news(self, record: ReportRecord, link: LinkRow, key: SubjectKey, now: datetime) -> list[NewNotice]:
        """What the reporter is told: once that the report follows another, then each new status of that one."""
        owed = []
        telling = self.keeping.telling
        if link.told_at is None:
            notice = notice_of_link(about_report(record.report, key, telling.page), now, link.kind)
            owed.append(owed_notice(notice, record.report, key, about="linked", manner=telling.manner))
        heard = link.told_at or datetime.min.replace(tzinfo=now.tzinfo)
        events = record.lead.events if record.lead else ()
        newest = {one.destination: one for one in events if one.kind is EventKind.STATUS and one.received_at > heard}
        owed += [told for one in newest.values() if (told := notice_for(one, "", record.report, key, telling))]
        return owed


def _travels(file: FileRow, record: ReportRecord, lead: ReportRecord) -> bool:
    """Whether the lead can have it: its bytes are here, or its channel can fetch them."""
    return file.state == "stored" or (file.state == "waiting" and record.report.channel == lead.report.channel)


def _attachment(message: Message, file: FileRow) -> Attachment:
    return message.attachments[file.position]
