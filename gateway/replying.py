"""What a reporter is answered to a message, as rows that are kept with it: acknowledged, asked, told how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter

from adapters.contract import InboundMessage, ReplyAddress
from gateway.access_book import HeldChannel
from gateway.casework import ADDRESS_PART
from gateway.conversation import (
    ANSWER_WITHIN,
    ENDED_WITHIN,
    OF_AN_ENDED_REPORT,
    AskLimits,
    Wish,
    WishKind,
    answers_question,
    may_ask,
    wish_of,
)
from gateway.enrol import Enrolment, message_row
from gateway.ledger import Ledger
from gateway.ledger.additions import add_messages
from gateway.ledger.cases import cases_of_report
from gateway.ledger.conversations import find_thread
from gateway.ledger.notices import count_asked, find_asked
from gateway.ledger.own_reports import (
    OwnReport,
    Withdrawal,
    ended_report,
    own_report,
    silence,
    speak,
    unsilence,
    withdraw,
)
from gateway.ledger.values import Conversation, Kept, NewMessage, NewNotice, NewReport, ReportRow
from gateway.normalize import Normalized
from gateway.notice_answers import (
    AtAgency,
    notice_of_rating,
    notice_of_reopening,
    notice_of_silence,
    notice_of_speech,
    notice_of_standing,
    notice_of_withdrawal,
)
from gateway.notices import About, notice_of_acknowledgement, notice_of_asking
from gateway.owing import Manner, owed_notice
from gateway.storyline import NOT_SOLVED, RATED, TAKEN_BACK, events_of_reporter
from gateway.vault import SubjectKey
from schemas.handoff import HandoffKind
from schemas.notice import Notice
from schemas.screening import VerdictKind
from schemas.status import EventKind

_FIRST = "first"
"""What the acknowledgement is about: a report is acknowledged once."""
_ASKED = "asked"
_DAY = timedelta(days=1)
_address = TypeAdapter(ReplyAddress)


@dataclass(frozen=True, slots=True)
class Replies:
    """What is needed to answer. `names` are the destinations' as people know them, `page` where a code is looked up."""

    ledger: Ledger
    enrolment: Enrolment
    manner: Manner
    limits: AskLimits
    names: Mapping[str, str]
    page: str | None = None

    async def to_first(
        self, channel: HeldChannel, rows: NewReport, message: InboundMessage, gather: timedelta
    ) -> NewReport:
        """The rows of a first message with what is answered to it; as they are for a channel that does not answer."""
        if not channel.answers:
            return rows
        key = self.enrolment.vault.open_key(rows.key.subject_id, rows.key.wrapped, rows.key.master_key_id)
        notice = None
        if rows.report.verdict == VerdictKind.ASK:
            notice = await self._question(rows.report, key, rows.report.received_at, rows.message.id, gather)
        notice = notice or self._acknowledgement(
            channel, rows.report, key, rows.report.received_at, bool(rows.handoffs)
        )
        return replace(rows, address=_sealed(message, key), notices=(notice,) if notice else ())

    async def to_later(
        self, channel: HeldChannel, rows: NewMessage, message: InboundMessage, talk: Conversation, gather: timedelta
    ) -> NewMessage:
        """The rows of a later message with what is answered: a report that waited goes out, or is asked about again."""
        if not channel.answers:
            return rows
        key = self.enrolment.vault.open_key(talk.report.id, talk.key.wrapped, talk.key.master_key_id)
        at, notice = rows.message.received_at, None
        if rows.new_handoffs:
            notice = self._acknowledgement(channel, talk.report, key, at, is_owed=True)
        elif talk.parked is not None and talk.report.verdict == VerdictKind.ASK:
            notice = await self._question(talk.report, key, at, rows.message.id, gather)
            notice = notice or self._acknowledgement(channel, talk.report, key, at, is_owed=False)
        return replace(rows, address=_sealed(message, key), notices=(notice,) if notice else ())

    async def to_wish(
        self, channel: HeldChannel, message: InboundMessage, normalized: Normalized, conversation_key: bytes
    ) -> Kept | None:
        """Do what a message wants of the gateway itself and answer it; None for a message that is none such.

        Whoever has no report here is heard as if he told one: nothing can be said to him about it. So is who rates a
        report, or says that it is not solved, while no agency has ended it.
        """
        wish = wish_of(normalized.message) if channel.answers else None
        if wish is None:
            return None
        if wish.kind is WishKind.STOP:
            await self.ledger.write(silence, conversation_key, normalized.message.received_at)
        if wish.kind is WishKind.START:
            await self.ledger.write(unsilence, conversation_key)
        if wish.kind in OF_AN_ENDED_REPORT:
            since = normalized.message.received_at - ENDED_WITHIN
            own = await self.ledger.read(ended_report, conversation_key, wish.tracking_code, since)
            return None if own is None else await self._said(channel, message, normalized, own, wish)
        own = await self.ledger.read(own_report, conversation_key, wish.tracking_code)
        return None if own is None else await self._answered(channel, message, normalized, own, wish)

    async def asked_about(
        self, channel: HeldChannel, normalized: Normalized, conversation_key: bytes
    ) -> Conversation | None:
        """The report that a message answers a question about, though its sender had been silent; None for none."""
        if not channel.answers:
            return None
        since = normalized.message.received_at - ANSWER_WITHIN
        asked = await self.ledger.read(find_asked, conversation_key, since)
        talk = await self.ledger.read(find_thread, asked[0]) if asked is not None else None
        if asked is None or talk is None:
            return None
        return talk if answers_question(normalized.message, asked[1], started=talk.started) else None

    async def _answered(
        self, channel: HeldChannel, message: InboundMessage, normalized: Normalized, own: OwnReport, wish: Wish
    ) -> Kept:
        key = self.enrolment.vault.open_key(own.report.id, own.key.wrapped, own.key.master_key_id)
        at = normalized.message.received_at
        row = message_row(
            self.enrolment, channel.name, message, normalized, key, own.report.id, sequence=own.report.messages
        )
        told = (self._owed(self._told(own, wish, at), own.report, key, str(row.id)),)
        address = _sealed(message, key)
        if wish.kind is WishKind.WITHDRAW and not own.withdrawn:
            cases = await self.ledger.read(cases_of_report, own.report.id)
            events = events_of_reporter(cases, EventKind.WITHDRAWN, row.id, TAKEN_BACK, key, at)
            return await self.ledger.write(withdraw, Withdrawal(row, address, told, events))
        aside = NewMessage(row, at, aside=True, address=address, notices=told)
        return await self.ledger.group(add_messages, aside)

    async def _said(
        self, channel: HeldChannel, message: InboundMessage, normalized: Normalized, own: OwnReport, wish: Wish
    ) -> Kept:
        """What the reporter says of an ended report goes to the agencies as a later message of it, and is answered."""
        key = self.enrolment.vault.open_key(own.report.id, own.key.wrapped, own.key.master_key_id)
        at, about, rating = normalized.message.received_at, self._about(own.report), wish.rating
        if rating is not None:
            kind, words, told = EventKind.RATED, RATED.format(rating=rating), notice_of_rating(about, at, rating)
        else:
            kind, words, told = EventKind.REOPENED, NOT_SOLVED, notice_of_reopening(about, at)
        spoken = replace(normalized, message=normalized.message.model_copy(update={"text": words, "rating": rating}))
        row = message_row(
            self.enrolment, channel.name, message, spoken, key, own.report.id, sequence=own.report.messages
        )
        events = events_of_reporter(
            await self.ledger.read(cases_of_report, own.report.id), kind, row.id, words, key, at
        )
        notices = (self._owed(told, own.report, key, str(row.id)),)
        later = NewMessage(row, at, address=_sealed(message, key), notices=notices)
        return await self.ledger.write(speak, later, events)

    def _told(self, own: OwnReport, wish: Wish, at: datetime) -> Notice:
        about = self._about(own.report)
        match wish.kind:
            case WishKind.STOP:
                return notice_of_silence(about, at)
            case WishKind.START:
                return notice_of_speech(about, at)
            case WishKind.WITHDRAW:
                return notice_of_withdrawal(about, at, before=own.withdrawn)
        asked = own.parked is not None and own.report.verdict == VerdictKind.ASK
        return notice_of_standing(about, at, self._agencies(own), asked=asked, withdrawn=own.withdrawn)

    def _agencies(self, own: OwnReport) -> list[AtAgency]:
        return [
            AtAgency(self.names.get(row.destination, row.destination), row.state, row.reference, *own.status_of(row))
            for row in own.handoffs
            if row.kind is HandoffKind.REPORT
        ]

    async def _question(
        self, report: ReportRow, key: SubjectKey, at: datetime, message_id: UUID, gather: timedelta
    ) -> NewNotice | None:
        """What is asked, once the photo or the place that may follow had time to come; None once enough was asked."""
        of_report, of_day = 0, 0
        if report.conversation_key is not None:
            since = at - _DAY
            of_report, of_day = await self.ledger.read(count_asked, report.conversation_key, report.id, since)
        if not may_ask(self.limits, of_report=of_report, of_day=of_day):
            return None
        notice = notice_of_asking(self._about(report), at, report.decision["verdict"]["missing"])
        owed = self._owed(notice, report, key, str(message_id))
        return replace(owed, burst_key=_ASKED, due_at=at + gather)

    def _acknowledgement(
        self, channel: HeldChannel, report: ReportRow, key: SubjectKey, at: datetime, is_owed: bool
    ) -> NewNotice | None:
        if channel.options.get("acknowledge", True) is False:
            return None
        about, urgent = self._about(report), report.is_priority
        return self._owed(notice_of_acknowledgement(about, at, held=not is_owed, urgent=urgent), report, key, _FIRST)

    def _owed(self, notice: Notice, report: ReportRow, key: SubjectKey, about: str) -> NewNotice:
        return owed_notice(notice, report, key, about=about, manner=self.manner)

    def _about(self, report: ReportRow) -> About:
        return About(report.tracking_code, tracking_url=self.page)


def _sealed(message: InboundMessage, key: SubjectKey) -> bytes | None:
    return key.seal(ADDRESS_PART, _address.dump_json(message.reply)) if message.reply is not None else None
