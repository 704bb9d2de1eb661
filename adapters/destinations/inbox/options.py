"""What an entry of the kind `inbox` may say."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Schema


class Options(Schema):
    """How one ministry empties its inbox."""

    lease: float = Field(default=300.0, ge=1, le=86_400, description="Seconds to say what became of a fetched case")
    batch: int = Field(default=20, ge=1, le=100, description="How many cases one request may fetch")
    collect_within: float = Field(
        default=86_400.0, ge=60, le=2_592_000, description="Seconds after which an unfetched case is shown as late"
    )
    send_files: bool = Field(default=False, description="Whether the bytes of attachments go along, in base64")
