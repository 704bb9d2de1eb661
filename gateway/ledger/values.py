"""What goes into the ledger and what comes out of it: rows and what is composed of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from gateway.ledger.book_values import BalanceRow as BalanceRow
from gateway.ledger.case_values import ClockRow as ClockRow
from gateway.ledger.link_values import LinkRow as LinkRow
from gateway.ledger.link_values import Ties as Ties
from gateway.ledger.notice_values import AT as AT
from gateway.ledger.notice_values import NewNotice as NewNotice
from gateway.ledger.notice_values import NoticeCase as NoticeCase
from gateway.ledger.notice_values import ToldNotice
from gateway.ledger.rows import ActionRow as ActionRow
from gateway.ledger.rows import ArchiveRow as ArchiveRow
from gateway.ledger.rows import AttemptRow as AttemptRow
from gateway.ledger.rows import ChannelRow as ChannelRow
from gateway.ledger.rows import CredentialRow as CredentialRow
from gateway.ledger.rows import DestinationRow as DestinationRow
from gateway.ledger.rows import EventRow as EventRow
from gateway.ledger.rows import ExampleRow as ExampleRow
from gateway.ledger.rows import FileRow as FileRow
from gateway.ledger.rows import GateRow as GateRow
from gateway.ledger.rows import HandoffRow as HandoffRow
from gateway.ledger.rows import KeyRow as KeyRow
from gateway.ledger.rows import MessageRow as MessageRow
from gateway.ledger.rows import ParkedRow as ParkedRow
from gateway.ledger.rows import Progress as Progress
from gateway.ledger.rows import ReportRow as ReportRow
from gateway.ledger.rows import ResultRow as ResultRow
from gateway.ledger.rows import TermRow as TermRow
from gateway.ledger.rows import WatchRow as WatchRow
from gateway.ledger.rows import WorkerRow as WorkerRow
from gateway.likeness import Likeness
from schemas.base import Json
from schemas.handoff import Evidence, HandoffKind, HandoffState, ParkStage

Begin = AttemptRow  # one that is about to be made
NOWHERE = "-"
"""Stands for a destination in the books where no destination is known yet."""

# --------------------------------------------------------------------------------------------------------------- intake


@dataclass(frozen=True, slots=True)
class NewHandoff:
    """A handoff to be made. `rung_at` is given when the caller rings for it itself, right after the commit."""

    id: UUID
    destination: str
    created_at: datetime
    due_at: datetime
    kind: HandoffKind = HandoffKind.REPORT
    parameters: Mapping[str, Json] = field(default_factory=dict)
    priority: int = 1
    rung_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewReport:
    """A first message and all that follows from it: written together or not at all.

    `reporter_keys` are keyed hashes by which the reporter's reports are found. `address` is where answers go, sealed.
    `notices` name the tracking code of `report`: the ledger leaves them out when it had to give another one. With a
    `likeness` it looks for an earlier report of the same event; where there is one, it makes the `link`.
    """

    key: KeyRow
    report: ReportRow
    message: MessageRow
    files: tuple[FileRow, ...] = ()
    handoffs: tuple[NewHandoff, ...] = ()
    parked: ParkedRow | None = None
    reporter_keys: tuple[bytes, ...] = ()
    address: bytes | None = None
    notices: tuple[NewNotice, ...] = ()
    likeness: Likeness | None = None
    link: LinkRow | None = None


class Filed(NamedTuple):
    """A report's own part, sealed again, and what the report is found under; None: as it was before."""

    sealed_report: bytes
    classification: str
    category_id: int | None
    region_code: str | None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A later message of the report `message.report_id`. The ledger gives it, and its files, the next sequence number.

    `expected` is the sequence number that the caller counts on: if another message came first, nothing is written and
    the answer is stale. `due_at` is for handoffs that it rides along with. `new_handoffs` and `close_park` are for a
    report that was held or without a route until this message; `decision` and `filed` are then the report's new ones.
    An `aside` is a word to the gateway itself: kept with the report, passed on to nobody.
    """

    message: MessageRow
    due_at: datetime
    files: tuple[FileRow, ...] = ()
    new_handoffs: tuple[NewHandoff, ...] = ()
    close_park: bool = False
    expected: int | None = None
    decision: Json = None
    filed: Filed | None = None
    aside: bool = False
    address: bytes | None = None
    notices: tuple[NewNotice, ...] = ()


@dataclass(frozen=True, slots=True)
class ParkedInbound:
    """An authentic part that the adapter did not understand, and its key (`key.subject_id` is `parked.id`).

    `to_fetch`: its words lie with the vendor and are asked for from now on.
    """

    key: KeyRow
    parked: ParkedRow
    to_fetch: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a message. `duplicate`: it was there before, with another content if `conflict`.

    `stale`: nothing was written, read the conversation again. `linked`: it follows an earlier report. `handoffs` were
    made by this message and are due at once, as pairs of destination and id.
    """

    report_id: UUID
    tracking_code: str
    duplicate: bool = False
    conflict: bool = False
    sequence: int = 0
    stale: bool = False
    linked: bool = False
    handoffs: tuple[tuple[str, UUID], ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The report that a later message may join. `started`: a handoff of it was claimed, tried or ended already.

    `destinations` are those with a handoff of the report itself; `parked` is its open parked row, if any.
    """

    report: ReportRow
    key: KeyRow
    started: bool
    destinations: tuple[str, ...]
    parked: ParkedRow | None


# ------------------------------------------------------------------------------------------------------------- handoffs


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """One message that a handoff carries."""

    id: UUID
    sequence: int
    sealed_message: bytes


@dataclass(frozen=True, slots=True)
class Claimed:
    """A handoff with everything its case is built from.

    `messages` and `files` are those from first to last sequence; `prior` is the progress of the report's own handoff at
    the same destination (empty for that handoff itself). `notice` is what a handoff of that kind carries.
    """

    handoff: HandoffRow
    report: ReportRow
    key: KeyRow
    messages: tuple[SealedMessage, ...]
    files: tuple[FileRow, ...]
    prior: Progress
    notice: NoticeCase | None = None


@dataclass(frozen=True, slots=True)
class HandoffChange:
    """Where a handoff stands after an attempt: complete values, not differences. `keep_owner`: its worker goes on."""

    state: HandoffState
    progress: Progress
    clock_from: datetime
    tries: int
    step_tries: int
    uncertain_step: str | None = None
    released: bool = False
    due_at: datetime | None = None
    keep_owner: bool = False
    stage: ParkStage | None = None
    reason: str | None = None
    evidence: Evidence | None = None
    reference: str | None = None
    restored: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The end of an attempt. `owner` is the worker that made it, also when a reaper writes its end.

    `late_leaf` is the leaf of the same result with the source `late`, for a worker that was taken for dead meanwhile.
    """

    handoff_id: UUID
    owner: UUID
    step: str
    result: ResultRow
    change: HandoffChange
    late_leaf: bytes


class EndedAs(StrEnum):
    """What became of the end of an attempt."""

    APPLIED = "applied"
    """The handoff stands as the change says."""
    LATE_APPLIED = "late_applied"
    """It came after its worker had been taken for dead, and settled a question that was still open."""
    LATE_NOTED = "late_noted"
    """The result is recorded; the handoff had moved on."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """A handoff whose worker is gone, and its attempt without a result, if there is one."""

    claimed: Claimed
    attempt: AttemptRow | None


# -------------------------------------------------------------------------------------------------- what people look at


class Living(NamedTuple):
    """A worker that nobody took for dead. Compare `beats` of two looks to see whether it still moves."""

    id: UUID
    beats: int
    host: str
    pid: int


@dataclass(frozen=True, slots=True)
class HandoffFilter:
    """Which handoffs. None matches all; `since` (included) and `until` (not included) are times of creation."""

    destination: str | None = None
    state: HandoffState | None = None
    reason: str | None = None
    channel: str | None = None
    tracking_code: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """Everything about one report, each part in the order in which it happened. `lead` is the report it follows.

    `archive` is where its content lies, if not here.
    """

    report: ReportRow
    key: KeyRow
    messages: tuple[MessageRow, ...]
    files: tuple[FileRow, ...]
    parked: tuple[ParkedRow, ...]
    handoffs: tuple[HandoffRow, ...]
    attempts: tuple[AttemptRow, ...]
    results: tuple[ResultRow, ...]
    actions: tuple[ActionRow, ...]
    events: tuple[EventRow, ...] = ()
    watches: tuple[WatchRow, ...] = ()
    clocks: tuple[ClockRow, ...] = ()
    ties: Ties = field(default_factory=Ties)
    lead: ReportRecord | None = None
    notices: tuple[ToldNotice, ...] = ()
    archive: ArchiveRow | None = None
