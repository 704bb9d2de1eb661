"""What became of one report, told in the order in which it happened, whoever said it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from schemas.base import Schema
from schemas.status import EventKind, EventSource
from schemas.vocabulary import CaseStatus


class Step(StrEnum):
    """What the gateway itself knows to have happened."""

    RECEIVED = "received"
    """The report came."""
    MESSAGE = "message"
    """The reporter added something."""
    SET_ASIDE = "set_aside"
    """It waits for a person or for the reporter."""
    LINKED = "linked"
    """The event had been reported before: the report follows the earlier one."""
    UNLINKED = "unlinked"
    """It proved to be another event: the report goes its own way."""
    HANDED_OVER = "handed_over"
    """A destination has it, with a receipt."""


class TimelineEntry(Schema):
    """One line of a report's timeline.

    `at` is when it happened, as far as that is known, never later than it was heard. `said` is the same in plain words,
    Indonesian and English. `text` is what was written, without markup; None where nobody may read it here.
    """

    at: AwareDatetime
    kind: Step | EventKind
    said: str
    destination: str | None = None
    source: EventSource | None = Field(default=None, description="How it came to be known; null: the gateway's own")
    status: CaseStatus | None = None
    status_name: str | None = Field(default=None, description="The status as the destination names it")
    reference: str | None = None
    text: str | None = None
    received_at: AwareDatetime


class Timeline(Schema):
    """The timeline of one report, oldest first."""

    id: str
    tracking_code: str
    entries: tuple[TimelineEntry, ...] = ()
