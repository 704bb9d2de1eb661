"""An archive as the ledger knows it, and what it holds. Bytes named `sealed_*` are encrypted under the report's key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """An archive as the ledger knows it: the file's name, SHA-256 and bytes, and how many reports it holds."""

    id: UUID
    name: str
    digest: bytes
    size: int
    reports: int
    before: datetime
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """What an archive holds of a message, sealed as it was in the ledger."""

    id: UUID
    sealed_message: bytes
    sealed_raw: bytes | None


@dataclass(frozen=True, slots=True)
class Content:
    """What an archive holds of a report, sealed as it was in the ledger."""

    report_id: UUID
    tracking_code: str
    last_message_at: datetime
    conversation_key: bytes | None
    sealed_report: bytes
    sealed_reporter: bytes | None
    messages: tuple[SealedMessage, ...]
