"""What goes into the ledger and comes out of it about notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.handoff import HandoffState
from schemas.notice import NoticePurpose

AT = "@"
"""Begins the name of a channel where it stands as a destination: notices are handed off to it."""


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be owed. `key` says what it is about: a report is told a purpose and key once.

    `id` becomes that of its handoff too. `sealed_notice` lies under the report's key. A notice with the same
    `burst_key` that has not been tried yet is cancelled as superseded, and this one keeps its due time if that is
    earlier.
    """

    id: UUID
    report_id: UUID
    channel: str
    purpose: NoticePurpose
    key: str
    sealed_notice: bytes
    created_at: datetime
    due_at: datetime
    burst_key: str | None = None
    priority: int = 1


@dataclass(frozen=True, slots=True)
class NoticeCase:
    """What the handoff of a notice carries. `heard_at`: when the reporter last wrote."""

    sealed_notice: bytes
    sealed_address: bytes | None
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice as it stands, under the id of its handoff. `status`: what its vendor told last of it, if anything."""

    id: UUID
    purpose: NoticePurpose
    created_at: datetime
    state: HandoffState
    reason: str | None
    reference: str | None
    status: str | None
    status_at: datetime | None
    error: str | None
