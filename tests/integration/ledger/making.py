"""Invented rows for tests of the ledger. Everything that a test does not name is plausible and its own."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from gateway.ledger.values import (
    Begin,
    Claimed,
    End,
    Filed,
    FileRow,
    HandoffChange,
    KeyRow,
    MessageRow,
    NewHandoff,
    NewMessage,
    NewReport,
    ParkedInbound,
    ParkedRow,
    ReportRow,
    ResultRow,
    WorkerRow,
)
from schemas.handoff import Evidence, HandoffState, OutcomeKind, ParkStage, ResultSource
from schemas.ids import uuid7
from schemas.tracking import new_tracking_code

NOW = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SP4N = "sp4n"
MINISTRY = "kemenkes"
CHANNEL = "whatsapp-kota"


_numbers = count()


def new_id(at: datetime) -> UUID:
    """An id that sorts after every one made before it for the same time."""
    return uuid7(at, next(_numbers).to_bytes(10, "big"))


def hashed(text: str, size: int = 16) -> bytes:
    """Stands for a keyed hash."""
    return hashlib.sha256(text.encode()).digest()[:size]


def a_message(
    name: str, report_id: UUID, *, at: datetime = NOW, content: str = "jalan rusak", channel: str = CHANNEL
) -> MessageRow:
    """A message; the same name is the same message id of the channel."""
    return MessageRow(
        id=new_id(at),
        report_id=report_id,
        channel=channel,
        message_key=hashed(name),
        message_digest=hashed(content),
        received_at=at,
        sealed_message=f"sealed {content}".encode(),
        sealed_raw=b"sealed raw",
    )


def a_handoff(destination: str, *, at: datetime = NOW, due_at: datetime | None = None, priority: int = 1) -> NewHandoff:
    """A handoff that is to be made."""
    return NewHandoff(new_id(at), destination, at, due_at or at, parameters={"institution": 7}, priority=priority)


def a_report(
    name: str,
    *destinations: str,
    at: datetime = NOW,
    due_at: datetime | None = None,
    content: str = "jalan rusak",
    code: str | None = None,
    conversation: str | None = None,
    parked: ParkStage | None = None,
    files: int = 0,
    priority: int = 1,
    channel: str = CHANNEL,
) -> NewReport:
    """A first message with its report, owed to the destinations."""
    report_id = new_id(at)
    message = a_message(name, report_id, at=at, content=content, channel=channel)
    report = ReportRow(
        id=report_id,
        tracking_code=code or new_tracking_code(),
        channel=channel,
        received_at=at,
        last_message_at=at,
        classification="aspirasi",
        verdict="accept",
        decision={"route": {"targets": list(destinations)}},
        sealed_report=b"sealed report",
        conversation_key=hashed(conversation) if conversation else None,
        sealed_reporter=b"sealed reporter",
    )
    held = ParkedRow(new_id(at), channel, message.message_key, parked, "held", at, report_id) if parked else None
    return NewReport(
        key=KeyRow(report_id, b"wrapped key", "m1"),
        report=report,
        message=message,
        files=tuple(FileRow(new_id(at), report_id, position) for position in range(files)),
        handoffs=tuple(a_handoff(name, at=at, due_at=due_at, priority=priority) for name in destinations),
        parked=held,
    )


def a_later_message(
    name: str,
    report_id: UUID,
    *,
    at: datetime = LATER,
    content: str = "fotonya menyusul",
    expected: int | None = None,
    files: int = 0,
    new_handoffs: tuple[NewHandoff, ...] = (),
    filed: Filed | None = None,
) -> NewMessage:
    """A message that continues a report."""
    return NewMessage(
        message=a_message(name, report_id, at=at, content=content),
        due_at=at + timedelta(minutes=1),
        files=tuple(FileRow(new_id(at), report_id, position) for position in range(files)),
        filed=filed,
        new_handoffs=new_handoffs,
        close_park=bool(new_handoffs),
        expected=expected,
    )


def an_unreadable_part(name: str, *, at: datetime = NOW) -> ParkedInbound:
    """A part that no adapter understands."""
    identity = new_id(at)
    parked = ParkedRow(identity, CHANNEL, hashed(name), ParkStage.PARSE, "unknown_type", at, sealed_raw=b"sealed raw")
    return ParkedInbound(KeyRow(identity, b"wrapped key", "m1"), parked)


def a_worker(*, at: datetime = NOW) -> WorkerRow:
    """A worker that may register."""
    return WorkerRow(new_id(at), "node-1 boot-1", 4711, at)


def an_attempt(claimed: Claimed, worker: UUID, *, step: str = "create", number: int = 1, at: datetime = LATER) -> Begin:
    """An attempt about to be made."""
    handoff = claimed.handoff
    return Begin(
        id=new_id(at),
        handoff_id=handoff.id,
        report_id=handoff.report_id,
        destination=handoff.destination,
        step=step,
        number=number,
        started_at=at,
        worker=worker,
        request=hashed("request", 32),
        leaf=hashed(f"attempt {number}", 32),
    )


def a_change(state: HandoffState, *, at: datetime = LATER, tries: int = 1) -> HandoffChange:
    """Where a handoff stands after `tries` tries."""
    pending = state is HandoffState.PENDING
    delivered = state is HandoffState.DELIVERED
    return HandoffChange(
        state=state,
        progress={"create": {"id": 17}} if delivered else {},
        clock_from=NOW,
        tries=tries,
        step_tries=tries,
        uncertain_step="create" if state is HandoffState.UNCERTAIN else None,
        due_at=at if pending else None,
        stage=ParkStage.DELIVER if state is HandoffState.PARKED else None,
        reason="http_503" if pending else "http_422" if state is HandoffState.PARKED else None,
        evidence=Evidence.REFERENCED if delivered else None,
        reference="12345" if delivered else None,
    )


_OUTCOMES = {
    HandoffState.DELIVERED: OutcomeKind.DELIVERED,
    HandoffState.PENDING: OutcomeKind.DEFERRED,
    HandoffState.PARKED: OutcomeKind.REFUSED,
    HandoffState.UNCERTAIN: OutcomeKind.UNCERTAIN,
}


def a_result(
    attempt_id: UUID, outcome: OutcomeKind, *, source: ResultSource = ResultSource.REPLY, at: datetime = LATER
) -> ResultRow:
    """What an attempt came to."""
    return ResultRow(
        attempt_id=attempt_id,
        source=source,
        ended_at=at,
        outcome=outcome,
        reason="http_200",
        leaf=hashed(f"{source} {attempt_id}", 32),
        status=200,
        response=hashed("reply", 32),
        receipt={"reference": "12345"},
        sealed_excerpt=b"sealed excerpt",
    )


def an_end(
    begin: Begin,
    change: HandoffChange,
    *,
    source: ResultSource = ResultSource.REPLY,
    outcome: OutcomeKind | None = None,
    at: datetime = LATER,
) -> End:
    """The end of an attempt, with the outcome that leads to the state, if none is given."""
    return End(
        handoff_id=begin.handoff_id,
        owner=begin.worker,
        step=begin.step,
        result=a_result(begin.id, outcome or _OUTCOMES[change.state], source=source, at=at),
        change=change,
        late_leaf=hashed(f"late {begin.id}", 32),
    )
