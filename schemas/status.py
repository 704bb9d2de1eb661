"""What a destination says about a case that it was given: one event for each thing that it says."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from schemas.base import Schema
from schemas.vocabulary import CaseStatus

EVENT_TEXT_LIMIT = 20_000
STATUS_NAME_LIMIT = 120


class EventSource(StrEnum):
    """How an event came to be known."""

    POLL = "poll"
    """The destination was asked."""
    CALLBACK = "callback"
    """The destination told by itself."""
    INBOX = "inbox"
    """It stood beside a case that the destination collected."""
    MAIL = "mail"
    """A reply by e-mail."""
    REPORTER = "reporter"
    """The reporter said so, through the channel."""


class EventKind(StrEnum):
    """What is said."""

    STATUS = "status"
    """The case has another status."""
    ANSWER = "answer"
    """The destination wrote something about the case."""
    QUESTION = "question"
    """The destination asks the reporter something; the clock waits for the answer."""
    NOT_OURS = "not_ours"
    """The destination says that the case belongs to somebody else."""
    LOG = "log"
    """A line of the destination's own record: passed on, assigned."""
    REOPENED = "reopened"
    """The reporter says that it is not solved."""
    RATED = "rated"
    """The reporter rated how it was dealt with."""
    WITHDRAWN = "withdrawn"
    """The reporter took the report back."""


class CaseEvent(Schema):
    """One thing said about a case.

    `key` is the same however often the same thing is told, and no other thing at that destination has it. `status_name`
    is kept as it came. `happened_at` is as the destination says, with its zone made explicit; None: it does not say.
    `sequence` is the destination's own order. `text` is as it came; it is cleaned before it is kept.
    """

    key: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    kind: EventKind
    status_name: Annotated[str, StringConstraints(min_length=1, max_length=STATUS_NAME_LIMIT)] | None = None
    text: str = ""
    happened_at: AwareDatetime | None = None
    sequence: int | None = Field(default=None, ge=0, lt=2**63)

    @property
    def status(self) -> CaseStatus | None:
        """The status among those that are known; UNKNOWN for another name, None where none is told."""
        return status_of(self.status_name) if self.status_name is not None else None


TERMINAL = frozenset(
    {
        CaseStatus.DONE,
        CaseStatus.CLOSED_BY_SYSTEM,
        CaseStatus.CLOSED_BY_ADMIN,
        CaseStatus.CLOSED_BY_REPORTER,
        CaseStatus.ARCHIVED_BY_ADMIN,
        CaseStatus.ARCHIVED_BY_SYSTEM,
        CaseStatus.ARCHIVED_BY_REPORTER,
        CaseStatus.REJECTED,
        CaseStatus.BLOCKED,
    }
)
"""Nothing more is expected of the destination, unless the reporter says that it is not solved."""

_KNOWN = {status.value.casefold(): status for status in CaseStatus}


def status_of(name: str) -> CaseStatus:
    """The status that a name means, whatever its capitals and spaces; UNKNOWN for any other name."""
    return _KNOWN.get(" ".join(name.split()).casefold(), CaseStatus.UNKNOWN)
