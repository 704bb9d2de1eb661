"""An archive as the ledger knows it, and what it holds. Bytes named `sealed_*` are encrypted under the report's key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict

from schemas.base import Schema


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


class SealedMessage(Schema):
    """What an archive holds of a message, sealed as it was in the ledger; in JSON its bytes are base64."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    id: UUID
    sealed_message: bytes
    sealed_raw: bytes | None


class Content(Schema):
    """What an archive holds of a report, likewise: one line of its file."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    report_id: UUID
    tracking_code: str
    last_message_at: AwareDatetime
    conversation_key: bytes | None
    sealed_report: bytes
    sealed_reporter: bytes | None
    messages: tuple[SealedMessage, ...]
