"""From a normalized message to the rows that keep it: decided, sealed, and complete before the ledger is asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakValueDictionary

from pydantic import TypeAdapter

from adapters.contract import InboundMessage, Unreadable
from gateway.casework import MESSAGE_PART, RAW_PART, REPORT_PART, REPORTER_PART
from gateway.deciding import Decided, Remember, Sender, decided_on, no_memory
from gateway.filing import Filing, file_rows
from gateway.inspection import FileLimits
from gateway.joining import belongs_to, joined
from gateway.ledger.values import (
    Conversation,
    Filed,
    KeyRow,
    MessageRow,
    NewHandoff,
    NewMessage,
    NewReport,
    ParkedInbound,
    ParkedRow,
    ReportRow,
)
from gateway.normalize import Normalized
from gateway.recognition import Recognition
from gateway.reporters import kept_keys_of
from gateway.route import Rules
from gateway.storage import Storage
from gateway.text import text_of
from gateway.traceparent import current
from gateway.vault import SubjectKey, Vault
from schemas.base import Json
from schemas.handoff import ParkStage
from schemas.ids import new_id
from schemas.report import Report
from schemas.tracking import new_tracking_code

RAW_BYTES = 65_536
"""So much of a message as it came is kept beside the normalized one."""

EMERGENCY_FIRST, ORDINARY = 0, 1
_report = TypeAdapter(Report)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is needed to make rows of messages. `same_event`: reports may be linked to earlier ones up to so old."""

    vault: Vault
    storage: Storage
    rules: Rules
    now: Callable[[], datetime]
    limits: FileLimits = field(default_factory=FileLimits)
    same_event: timedelta = timedelta(0)
    remember: Remember = no_memory
    recognition: Recognition = field(init=False)
    _talks: WeakValueDictionary[bytes, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def __post_init__(self) -> None:
        object.__setattr__(self, "recognition", Recognition(self.vault, self.same_event))

    @property
    def filing(self) -> Filing:
        """Where files that come along are kept."""
        return Filing(self.storage, self.limits)

    @asynccontextmanager
    async def talking(self, key: bytes) -> AsyncIterator[None]:
        """One message of a conversation at a time, in this process."""
        lock = self._talks.get(key)
        if lock is None:
            lock = self._talks[key] = asyncio.Lock()
        async with lock:
            yield


async def report_rows(
    enrolment: Enrolment,
    channel: str,
    message: InboundMessage,
    normalized: Normalized,
    *,
    conversation_key: bytes | None,
    gather: timedelta,
) -> NewReport:
    """The rows of a first message. Files that came along are stored before this returns."""
    now = normalized.message.received_at
    identity = new_id(now)
    key = enrolment.vault.new_key(identity)
    sender = Sender(channel, normalized.reporter, conversation_key)
    report, told, written = normalized.report, normalized.message, message.title is not None
    decided = await decided_on(
        enrolment.rules, enrolment.remember, sender, report, told, normalized.text, title_written=written
    )
    normalized = replace(normalized, report=decided.report)
    handoffs = _handoffs(decided, decided.report, now, now + gather, rung=gather == timedelta(0))
    first = message_row(enrolment, channel, message, normalized, key, identity, sequence=0)
    return NewReport(
        key=KeyRow(identity, key.wrapped, key.master_key_id),
        report=_report_row(identity, channel, normalized, decided, key, conversation_key),
        message=first,
        files=await file_rows(enrolment.filing, message.files, normalized.message, key, identity, sequence=0),
        handoffs=handoffs,
        parked=_parked(decided, channel, first, now) if not handoffs else None,
        reporter_keys=kept_keys_of(enrolment.vault, normalized.reporter, conversation_key),
        likeness=enrolment.recognition.likeness(normalized, decided.suggestion, conversation_key) if handoffs else None,
    )


async def later_rows(
    enrolment: Enrolment,
    channel: str,
    message: InboundMessage,
    normalized: Normalized,
    talk: Conversation,
    *,
    gather: timedelta,
) -> NewMessage:
    """The rows of a message that continues a report; a report that was set aside is decided anew with it."""
    now = normalized.message.received_at
    sequence = talk.report.messages
    key = enrolment.vault.open_key(talk.report.id, talk.key.wrapped, talk.key.master_key_id)
    handoffs: tuple[NewHandoff, ...] = ()
    decision: Json = None
    filed: Filed | None = None
    if talk.parked is not None:
        before = _report.validate_json(key.open(REPORT_PART, talk.report.sealed_report))
        whole = joined(before, [normalized.message])
        sender = Sender(channel, normalized.reporter, talk.report.conversation_key)
        told, text = normalized.message, text_of(whole)
        decided = await decided_on(enrolment.rules, enrolment.remember, sender, whole, told, text, title_written=False)
        handoffs = _handoffs(decided, whole, now, now + gather, rung=False)
        if handoffs:
            decision, filed = decided.written(), _filed_anew(key, before, decided.report)
    return NewMessage(
        message=message_row(enrolment, channel, message, normalized, key, talk.report.id, sequence=sequence),
        due_at=now + gather,
        files=await file_rows(
            enrolment.filing, message.files, normalized.message, key, talk.report.id, sequence=sequence
        ),
        new_handoffs=handoffs,
        close_park=bool(handoffs),
        decision=decision,
        filed=filed,
        expected=sequence,
    )


def _filed_anew(key: SubjectKey, before: Report, decided: Report) -> Filed:
    """What the report is found under, now that its later messages told more; their texts and files stay apart."""
    learned = {name: getattr(decided, name) for name in ("classification", "category_id", "location", "incident_date")}
    sealed = key.seal(REPORT_PART, before.model_copy(update=learned).model_dump_json().encode())
    place = decided.location
    return Filed(sealed, decided.classification.value, decided.category_id, place.region_code if place else None)


def continues(talk: Conversation, normalized: Normalized, window: timedelta, *, follows: bool) -> bool:
    """Whether a message belongs to the report of its conversation, as `belongs_to` tells it."""
    return talk.report.erased_at is None and belongs_to(
        normalized.message,
        last_message_at=talk.report.last_message_at,
        started=talk.started,
        window=window,
        follows=follows,
    )


def unreadable_row(enrolment: Enrolment, channel: str, part: Unreadable) -> ParkedInbound:
    """The rows of a part that nobody understood: its bytes sealed under a key of its own."""
    now = enrolment.now()
    identity = new_id(now)
    key = enrolment.vault.new_key(identity)
    message_key = enrolment.vault.keyed_hash("message", channel, part.message_id or part.raw)
    parked = ParkedRow(
        id=identity,
        channel=channel,
        message_key=message_key,
        stage=ParkStage.PARSE,
        reason=part.reason[:200],
        parked_at=now,
        sealed_raw=key.seal(RAW_PART, part.raw[:RAW_BYTES]),
    )
    return ParkedInbound(KeyRow(identity, key.wrapped, key.master_key_id), parked, part.to_fetch)


def _report_row(
    identity: UUID,
    channel: str,
    normalized: Normalized,
    decided: Decided,
    key: SubjectKey,
    conversation_key: bytes | None,
) -> ReportRow:
    report, reporter = normalized.report, normalized.reporter
    now = normalized.message.received_at
    return ReportRow(
        id=identity,
        tracking_code=new_tracking_code(),
        channel=channel,
        received_at=now,
        last_message_at=now,
        classification=report.classification.value,
        verdict=decided.verdict.kind.value,
        decision=decided.written(),
        sealed_report=key.seal(REPORT_PART, report.model_dump_json().encode()),
        conversation_key=conversation_key,
        category_id=report.category_id,
        region_code=report.location.region_code if report.location else None,
        is_anonymous=report.is_anonymous,
        is_secret=report.is_secret,
        is_priority=report.is_priority,
        sealed_reporter=key.seal(REPORTER_PART, reporter.model_dump_json().encode()) if reporter else None,
        trace=trace.header if (trace := current.get()) else None,
    )


def message_row(
    enrolment: Enrolment,
    channel: str,
    message: InboundMessage,
    normalized: Normalized,
    key: SubjectKey,
    report_id: UUID,
    *,
    sequence: int,
) -> MessageRow:
    """The row of one message, sealed under its report's key."""
    vault = enrolment.vault
    numbered = normalized.message.model_copy(update={"sequence": sequence})
    return MessageRow(
        id=new_id(numbered.received_at),
        report_id=report_id,
        channel=channel,
        message_key=vault.keyed_hash("message", channel, message.message_id),
        message_digest=vault.keyed_hash("content", channel, message.raw),
        received_at=numbered.received_at,
        sealed_message=key.seal(MESSAGE_PART, numbered.model_dump_json().encode()),
        sealed_raw=key.seal(RAW_PART, message.raw[:RAW_BYTES]),
        sequence=sequence,
    )


def _handoffs(
    decided: Decided, report: Report, now: datetime, due_at: datetime, *, rung: bool
) -> tuple[NewHandoff, ...]:
    if decided.decision is None:
        return ()
    return tuple(
        NewHandoff(
            id=new_id(now),
            destination=destination,
            created_at=now,
            due_at=due_at,
            parameters=parameters,
            priority=EMERGENCY_FIRST if report.is_priority else ORDINARY,
            rung_at=now if rung else None,
        )
        for destination, parameters in decided.decision.targets.items()
    )


def _parked(decided: Decided, channel: str, message: MessageRow, now: datetime) -> ParkedRow:
    stage = ParkStage.ROUTE if decided.decision is not None else ParkStage.SCREEN
    names = [finding.check for finding in decided.verdict.findings]
    reason = "no_destination" if stage is ParkStage.ROUTE else f"{decided.verdict.kind.value}: {', '.join(names)}"
    return ParkedRow(
        id=new_id(now),
        channel=channel,
        message_key=message.message_key,
        stage=stage,
        reason=reason[:200],
        parked_at=now,
        report_id=message.report_id,
    )
