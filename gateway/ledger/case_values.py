"""What is said of cases, composed of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.clocks import ClockKind, ClockState
from gateway.ledger.notice_values import NewNotice
from gateway.ledger.rows import EventRow, HandoffRow, KeyRow, Progress, WatchRow


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be kept. `notice` is owed to the reporter if the event is new and not late.

    `reference` is the destination's own number of the case, if it tells one.
    """

    row: EventRow
    notice: NewNotice | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """What became of an event. Not `new`: the same was told before."""

    id: UUID
    new: bool


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A report at one of its destinations, with the key that its texts lie under."""

    handoff: HandoffRow
    key: KeyRow
    tracking_code: str
    channel: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One of the law's clocks as it stood at `read_at`.

    `shares`: party -> microseconds of working time; they sum to the whole that has gone by.
    """

    handoff_id: UUID
    kind: ClockKind
    report_id: UUID
    destination: str
    days: int
    started_at: datetime
    deadline_at: datetime
    met_at: datetime | None
    state: ClockState
    paused: bool
    shares: Mapping[str, int]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class DueWatch:
    """A case that is to be asked about now."""

    watch: WatchRow
    reference: str | None
    progress: Progress
    tracking_code: str
    key: KeyRow
