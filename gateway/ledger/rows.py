"""One row of each table as a value. Bytes named `sealed_*` are encrypted under the key of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gateway.ledger.archive_values import ArchiveRow as ArchiveRow
from gateway.ledger.file_values import FileRow as FileRow
from schemas.base import Json
from schemas.handoff import Evidence, HandoffKind, HandoffState, OutcomeKind, ParkStage, ResultSource
from schemas.status import EventKind, EventSource

Progress = Mapping[str, dict[str, Json]]
"""What each finished step of a handoff yielded."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The wrapped data key of a report or of a parked message.

    `wrapped` is None once erased; it reads as None, beside a `master_key_id`, while the content lies in an archive.
    """

    subject_id: UUID
    wrapped: bytes | None
    master_key_id: str | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as it is stored. `messages` counts them; the next one has that sequence number."""

    id: UUID
    tracking_code: str
    channel: str
    received_at: datetime
    last_message_at: datetime
    classification: str
    verdict: str
    decision: Json
    sealed_report: bytes
    messages: int = 1
    conversation_key: bytes | None = None
    category_id: int | None = None
    region_code: str | None = None
    is_anonymous: bool = False
    is_secret: bool = False
    is_priority: bool = False
    sealed_reporter: bytes | None = None
    erased_at: datetime | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. `message_key` is the keyed hash of the channel's message id, `message_digest` of what came."""

    id: UUID
    report_id: UUID
    channel: str
    message_key: bytes
    message_digest: bytes
    received_at: datetime
    sealed_message: bytes
    sealed_raw: bytes | None = None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """Work that is no handoff yet. `state` is `parked`, `released` or `cancelled`.

    Its key is that of the report, or, without a report, its own: `key.subject_id` is then `id`.
    """

    id: UUID
    channel: str
    message_key: bytes
    stage: ParkStage
    reason: str
    parked_at: datetime
    report_id: UUID | None = None
    sealed_raw: bytes | None = None
    state: str = "parked"
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """What an officer decided about a report, to learn from. `decided` is corrected, released or rejected."""

    id: UUID
    report_id: UUID
    at: datetime
    decided: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """A handoff as it stands."""

    id: UUID
    report_id: UUID
    channel: str
    destination: str
    kind: HandoffKind
    first_sequence: int
    last_sequence: int
    parameters: Mapping[str, Json]
    state: HandoffState
    progress: Progress
    uncertain_step: str | None
    released: bool
    tries: int
    step_tries: int
    due_at: datetime | None
    rung_at: datetime | None
    owner: UUID | None
    priority: int
    clock_from: datetime
    stage: ParkStage | None
    reason: str | None
    evidence: Evidence | None
    reference: str | None
    created_at: datetime
    updated_at: datetime
    restored: bool = False


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try of one step, written before it is made."""

    id: UUID
    handoff_id: UUID
    report_id: UUID
    destination: str
    step: str
    number: int
    started_at: datetime
    worker: UUID
    request: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What an attempt came to. `leaf` is the hash of its record, which names the source too."""

    attempt_id: UUID
    source: ResultSource
    ended_at: datetime
    outcome: OutcomeKind
    reason: str
    leaf: bytes
    status: int | None = None
    actor: str | None = None
    response: bytes | None = None
    receipt: Json = None
    sealed_excerpt: bytes | None = None


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker process. `host` is the host with its boot id; `reaped_at` is set once it was taken for dead."""

    id: UUID
    host: str
    pid: int
    started_at: datetime
    beats: int = 0
    reaped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel. `kind` is its adapter; `sealed_secrets` are the vendor's secrets under the master key.

    `answers`: its adapter can answer a reporter with these secrets and options.
    """

    name: str
    kind: str
    created_at: datetime
    options: Mapping[str, Json]
    sealed_secrets: bytes | None = None
    master_key_id: str | None = None
    closed_at: datetime | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """An API key of a channel: its public half and the digest of its secret half."""

    id: str
    channel: str
    digest: bytes
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DestinationRow:
    """What operations decided about a destination."""

    name: str
    paused_at: datetime | None = None
    paused_by: str | None = None
    reason: str | None = None
    synced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GateRow:
    """How one worker finds a destination. `opens_at` is when its hours begin, if they have not; `era` its breaker's."""

    worker: UUID
    destination: str
    state: str
    slots: int
    opens_at: datetime | None
    updated_at: datetime
    era: int | None = None


@dataclass(frozen=True, slots=True)
class TermRow:
    """An entry of a destination's vocabulary, and when it was there last."""

    destination: str
    kind: str
    code: str
    name: str
    parent: str | None
    seen_at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What a person did. `subject` is the id or name of what it was done to."""

    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing said about a case. `status` is what `status_name` means among the known ones."""

    id: UUID
    report_id: UUID
    handoff_id: UUID
    destination: str
    source: EventSource
    event_key: str
    kind: EventKind
    received_at: datetime
    sequence: int | None = None
    status_name: str | None = None
    status: str | None = None
    sealed_text: bytes | None = None
    happened_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it happened, as far as that is known: never later than it was heard."""
        return min(self.happened_at, self.received_at) if self.happened_at else self.received_at


@dataclass(frozen=True, slots=True)
class WatchRow:
    """How a case stands at a destination, and when it is asked about next."""

    handoff_id: UUID
    report_id: UUID
    destination: str
    changed_at: datetime
    delivered_at: datetime | None = None
    reference: str | None = None
    clocks_at: datetime | None = None
    status_name: str | None = None
    status: str | None = None
    status_at: datetime | None = None
    status_sequence: int | None = None
    asked_at: datetime | None = None
    closed: bool = False
    next_poll_at: datetime | None = None
    polls: int = 0
    failures: int = 0
    place: Mapping[str, Json] = field(default_factory=dict)
