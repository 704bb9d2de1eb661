"""The way in: verify, parse, normalize, screen, route, keep, ring. An answer goes out only for what is committed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from adapters.contract import Channel, ChannelAnswer, DeliveryUpdate, InboundMessage, InboundRequest, Unreadable
from gateway.access_book import HeldChannel
from gateway.admission import Accepted as Accepted
from gateway.admission import Admit, admit_all
from gateway.clock import Clock
from gateway.conversation import ANSWER_WITHIN
from gateway.enrol import Enrolment, continues, later_rows, report_rows, unreadable_row
from gateway.filing import drop_files
from gateway.joining import Patience
from gateway.ledger import Ledger
from gateway.ledger.intake import add_messages, find_conversation, find_message, find_thread, keep_reports, park_inbound
from gateway.ledger.notice_updates import Update, keep_updates
from gateway.ledger.values import Conversation, Kept, NewHandoff
from gateway.ledger.views import show_report
from gateway.metrics import Metrics
from gateway.normalize import Normalized, normalize
from gateway.replying import Replies
from gateway.report_view import view_of
from gateway.storyline import kept_key, timeline_of
from gateway.text_parts import TextParts, Whole
from gateway.vault import Vault
from schemas.errors import BadInput, BadSignature, NotFound
from schemas.handoff import ReportView
from schemas.timeline import Timeline

log = structlog.get_logger("gateway.intake")

Ring = Callable[[str, Sequence[UUID]], None]
"""Say that handoffs of a destination are due."""

_TRIES_WHEN_STALE = 5
_LARGE = 1024 * 1024
"""Bytes of a request over which reading it would keep everybody else waiting."""


class Intake:
    """Takes the requests of every channel. One for each process."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        vault: Vault,
        adapters: Mapping[str, Channel],
        enrolment: Enrolment,
        replies: Replies,
        parts: TextParts,
        patience: Patience,
        ring: Ring,
        clock: Clock,
        metrics: Metrics,
        admit: Admit = admit_all,
    ) -> None:
        self._ledger = ledger
        self._vault = vault
        self._adapters = adapters
        self._enrolment = enrolment
        self._replies = replies
        self.parts = parts
        self._patience = patience
        self._ring = ring
        self._clock = clock
        self._metrics = metrics
        self._admit = admit

    async def answer(self, channel: HeldChannel, request: InboundRequest) -> ChannelAnswer:
        """What a vendor is answered: its verification, or the receipt of a delivery once all of it is kept.

        Raises NotFound for a GET that is neither, and what `take` raises.
        """
        adapter = self._adapters[channel.kind]
        if not adapter.secret_names:
            raise NotFound("this channel has no webhook: it uses keys")
        answer = adapter.handshake(request, channel.secrets)
        if answer is not None:
            return answer
        if request.method == "GET" and not adapter.takes_get:
            raise NotFound("this is not a verification request that the channel's vendor would send")
        await self.take(channel, request)
        return adapter.receipt

    @property
    def enrolment(self) -> Enrolment:
        """What rows are made with."""
        return self._enrolment

    def now(self) -> datetime:
        """The time that requests are received at."""
        return self._clock.now()

    async def take(self, channel: HeldChannel, request: InboundRequest) -> list[Accepted]:
        """Keep every message of a request, in order. Raises Denied, BadInput or Overloaded: then nothing is kept."""
        adapter, began = self._adapters[channel.kind], self._clock.monotonic()
        parts = await self._read(adapter, channel, request)
        messages = [part for part in parts if isinstance(part, InboundMessage)]
        if len(messages) == len(parts) == 1 and not adapter.joins_conversations and messages[0].text_part is None:
            accepted = [await self._keep_alone(channel, messages[0])]  # nearly all requests: no task is made for it
        else:
            accepted = await self._keep_parts(channel, parts, messages, joins=adapter.joins_conversations)
        self._metrics.intake_seconds(channel.name).observe(self._clock.monotonic() - began)
        return accepted

    async def _keep_parts(
        self,
        channel: HeldChannel,
        parts: Sequence[InboundMessage | DeliveryUpdate | Unreadable],
        told: list[InboundMessage],
        *,
        joins: bool,
    ) -> list[Accepted]:
        await asyncio.gather(*(self._note_update(channel, part) for part in parts if isinstance(part, DeliveryUpdate)))
        unreadable = [part for part in parts if isinstance(part, Unreadable)]
        messages, texts = await self.parts.gathered(channel.name, told)
        _, accepted = await asyncio.gather(
            self._park(channel, unreadable), self._keep_all(channel, messages, joins=joins)
        )
        return [*accepted, *[await self.keep_text(channel, text) for text in texts]]

    async def keep_text(self, channel: HeldChannel, text: Whole) -> Accepted:
        """Keep a text whose parts are here, or have waited long enough. Raises LedgerUnavailable.

        What came after the rest of it went on is added to the report that the rest made.
        """
        before = await self._ledger.read(find_message, channel.name, text.continues) if text.continues else None
        accepted = await self._add(channel, before.report_id, text.message) if before is not None else None
        if accepted is None:
            [accepted] = await self._keep_all(channel, [text.message], joins=True)
        await self.parts.done(text)
        return accepted

    async def keep(self, channel: HeldChannel, messages: list[InboundMessage]) -> list[Accepted]:
        """Keep messages that were read later than their request came. Raises LedgerUnavailable."""
        return await self._keep_all(channel, messages, joins=self._adapters[channel.kind].joins_conversations)

    async def _read(
        self, adapter: Channel, channel: HeldChannel, request: InboundRequest
    ) -> Sequence[InboundMessage | DeliveryUpdate | Unreadable]:
        """The parts of a request that is authentic, if there is room for them; one that is refused is counted."""
        try:
            adapter.verify(request, channel.secrets)
            await self._admit()
            if len(request.body) > _LARGE:
                return await asyncio.to_thread(adapter.parse, request)
            return adapter.parse(request)
        except BadSignature:
            self._metrics.inbound(channel.name, "bad_signature").inc()
            raise
        except BadInput:
            self._metrics.inbound(channel.name, "invalid").inc()
            raise

    async def knows(self, channel: HeldChannel, message_id: str) -> bool:
        """Whether the channel's message of this id is kept already."""
        key = self._vault.keyed_hash("message", channel.name, message_id)
        return await self._ledger.read(find_message, channel.name, key) is not None

    async def add(self, channel: HeldChannel, report_id: UUID, request: InboundRequest) -> Accepted:
        """Keep the one message of a request as a later message of the channel's own report.

        Raises NotFound when the channel has no such report that still leads anywhere, and what `take` raises.
        """
        [message] = (part for part in self._adapters[channel.kind].parse(request) if isinstance(part, InboundMessage))
        kept = await self._add(channel, report_id, message)
        if kept is None:
            raise NotFound("this channel has no open report with that id")
        return kept

    async def _add(self, channel: HeldChannel, report_id: UUID, message: InboundMessage) -> Accepted | None:
        normalized = normalize(message, self._clock.now())
        async with self._enrolment.talking(report_id.bytes):
            for _ in range(_TRIES_WHEN_STALE):
                talk = await self._ledger.read(find_thread, report_id)
                if talk is None or talk.report.channel != channel.name:
                    return None
                kept = await self._keep_later(channel, message, normalized, talk)
                if kept is not None:
                    return kept
        return None

    async def status(self, channel: HeldChannel, report_id: UUID) -> ReportView | None:
        """One of the channel's own reports as it stands, or None."""
        record = await self._ledger.read(show_report, report_id)
        return None if record is None or record.report.channel != channel.name else view_of(record)

    async def timeline(self, channel: HeldChannel, report_id: UUID) -> Timeline | None:
        """What became of one of the channel's own reports, in order and with what was written, or None."""
        record = await self._ledger.read(show_report, report_id)
        if record is None or record.report.channel != channel.name:
            return None
        return timeline_of(record, kept_key(self._vault, record.key))

    async def _keep_all(self, channel: HeldChannel, messages: list[InboundMessage], *, joins: bool) -> list[Accepted]:
        if not joins:
            return list(await asyncio.gather(*(self._keep_alone(channel, message) for message in messages)))
        talks: dict[str, list[int]] = defaultdict(list)
        for place, message in enumerate(messages):
            talks[message.conversation or f"alone-{place}"].append(place)
        kept: dict[int, Accepted] = {}

        async def in_order(places: list[int]) -> None:
            for place in places:
                kept[place] = await self._keep_in_conversation(channel, messages[place])

        await asyncio.gather(*(in_order(places) for places in talks.values()))
        return [kept[place] for place in range(len(messages))]

    async def _keep_alone(self, channel: HeldChannel, message: InboundMessage) -> Accepted:
        normalized = normalize(message, self._clock.now())
        return await self._keep_first(channel, message, normalized, conversation_key=None)

    async def _keep_in_conversation(self, channel: HeldChannel, message: InboundMessage) -> Accepted:
        normalized = normalize(message, self._clock.now())
        if message.conversation is None:
            return await self._keep_first(channel, message, normalized, conversation_key=None)
        key = self._vault.keyed_hash("conversation", channel.name, message.conversation)
        async with self._enrolment.talking(key):
            answered = await self._replies.to_wish(channel, message, normalized, key)
            if answered is not None:
                return self._accepted(channel, message, answered)
            for _ in range(_TRIES_WHEN_STALE):
                window = ANSWER_WITHIN if message.follows else self._patience.window
                talk = await self._ledger.read(find_conversation, key, normalized.message.received_at - window)
                if talk is None or not continues(talk, normalized, window, follows=message.follows):
                    talk = await self._replies.asked_about(channel, normalized, key)
                if talk is None:
                    return await self._keep_first(channel, message, normalized, conversation_key=key)
                kept = await self._keep_later(channel, message, normalized, talk)
                if kept is not None:
                    return kept
        return await self._keep_first(channel, message, normalized, conversation_key=key)

    async def _keep_first(
        self, channel: HeldChannel, message: InboundMessage, normalized: Normalized, conversation_key: bytes | None
    ) -> Accepted:
        gather = self._patience.gather if conversation_key is not None else timedelta(0)
        rows = await report_rows(
            self._enrolment, channel.name, message, normalized, conversation_key=conversation_key, gather=gather
        )
        rows = await self._replies.to_first(channel, rows, message, gather)
        kept = await self._ledger.group(keep_reports, rows)
        if kept.duplicate:
            await drop_files(self._enrolment.storage, rows.files)
        elif not kept.linked:
            self._ring_for(rows.handoffs)
        return self._accepted(channel, message, kept, urgent=rows.report.is_priority)

    async def _keep_later(
        self, channel: HeldChannel, message: InboundMessage, normalized: Normalized, talk: Conversation
    ) -> Accepted | None:
        """Join the message to the report of its conversation; None when another message came in between."""
        rows = await later_rows(self._enrolment, channel.name, message, normalized, talk, gather=self._patience.gather)
        rows = await self._replies.to_later(channel, rows, message, talk, self._patience.gather)
        kept = await self._ledger.group(add_messages, rows)
        if kept.stale or kept.duplicate:
            await drop_files(self._enrolment.storage, rows.files)
        return None if kept.stale else self._accepted(channel, message, kept)

    async def _park(self, channel: HeldChannel, parts: list[Unreadable]) -> None:
        rows = [unreadable_row(self._enrolment, channel.name, part) for part in parts]
        for part, new in zip(
            parts, await asyncio.gather(*(self._ledger.group(park_inbound, row) for row in rows)), strict=True
        ):
            self._metrics.inbound(channel.name, "parked" if new else "duplicate").inc()
            log.info("message.parked", channel=channel.name, reason=part.reason, new=new)

    def _accepted(self, channel: HeldChannel, message: InboundMessage, kept: Kept, *, urgent: bool = False) -> Accepted:
        result = "conflict" if kept.conflict else "duplicate" if kept.duplicate else "kept"
        self._metrics.inbound(channel.name, result).inc()
        log.info("report.kept", channel=channel.name, report=str(kept.report_id), result=result, sequence=kept.sequence)
        return Accepted(message.message_id, kept.report_id, kept.tracking_code, kept.duplicate, kept.conflict, urgent)

    def _ring_for(self, handoffs: Sequence[NewHandoff]) -> None:
        """Ring for what is due now; the sweeper rings for what waits."""
        for handoff in handoffs:
            if handoff.rung_at is not None:
                self._ring(handoff.destination, [handoff.id])

    async def _note_update(self, channel: HeldChannel, update: DeliveryUpdate) -> None:
        """Keep what the vendor tells of a message of ours; of a channel that does not answer it is others' business."""
        self._metrics.inbound(channel.name, f"status_{update.status}").inc()
        log.info("message.status", channel=channel.name, status=update.status, error=update.error)
        if channel.answers:
            at = update.at or self._clock.now()
            told = Update(channel.name, update.message_id, update.status, at, update.error)
            await self._ledger.group(keep_updates, told)
