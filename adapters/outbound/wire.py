"""What a ministry may rely on in a body, checked strictly; written apart from the adapter, to be able to refute it."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from hashlib import sha256
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from schemas.base import Json
from schemas.report import Location, Reporter
from schemas.vocabulary import Classification


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WireFile(_Strict):
    """An attachment; `content_base64` stands there only where the entry sends files."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    media_type: str
    size: int | None
    sha256: str | None
    content_base64: str | None = None

    @model_validator(mode="after")
    def _content_fits(self) -> Self:
        if self.content_base64 is not None:
            content = b64decode(self.content_base64, validate=True)
            if (len(content), sha256(content).hexdigest()) != (self.size, self.sha256):
                raise ValueError("the content does not have the size and sha256 that stand beside it")
        return self


class WireMessage(_Strict):
    """One message of the reporter."""

    sequence: Annotated[int, Field(ge=0)]
    received_at: AwareDatetime
    text: str
    location: Location | None
    attachments: tuple[WireFile, ...]
    rating: Annotated[int, Field(ge=1, le=5)] | None = None


class WireReport(_Strict):
    """The report."""

    title: Annotated[str, Field(min_length=1, max_length=255)]
    content: Annotated[str, Field(max_length=10_000)]
    classification: Classification
    classification_name: str
    category_id: int | None
    agency: str | None
    location: Location | None
    incident_date: date | None
    is_anonymous: bool
    is_secret: bool
    is_priority: bool
    tags: tuple[str, ...]
    attachments: tuple[WireFile, ...]
    reporter: Reporter | None
    parameters: dict[str, Json]

    @model_validator(mode="after")
    def _anonymous_means_nameless(self) -> Self:
        if self.is_anonymous and self.reporter is not None:
            raise ValueError("an anonymous case names its reporter")
        return self


class WireCase(_Strict):
    """The whole body."""

    type: Literal["case.created", "case.added", "case.withdrawn"]
    id: UUID
    tracking_code: Annotated[str, Field(pattern=r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")]
    channel: Annotated[str, Field(min_length=1)]
    accepted_at: AwareDatetime
    case: WireReport
    messages: tuple[WireMessage, ...]
    prior_reference: str | None
