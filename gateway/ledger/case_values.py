"""What is said of cases, composed of rows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

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
class DueWatch:
    """A case that is to be asked about now."""

    watch: WatchRow
    reference: str | None
    progress: Progress
    tracking_code: str
    key: KeyRow
