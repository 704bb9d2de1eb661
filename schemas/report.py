"""The canonical report: what every channel's message becomes.

Field names are English; the vocabularies and limits are LAPOR!'s own (title 255 characters, details 10,000, a file 20
MB; location down to the kelurahan; *anonim* and *rahasia* are independent).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from schemas.base import Json, Schema
from schemas.vocabulary import Classification

TITLE_LIMIT = 255
CONTENT_LIMIT = 10_000
ATTACHMENT_LIMIT = 20 * 1024 * 1024

ShortText = Annotated[str, StringConstraints(max_length=255)]


class Location(Schema):
    """Where it happened. Names are as written by the sender; codes are Kemendagri's, where known."""

    province: ShortText | None = None
    regency: ShortText | None = Field(default=None, description="Kabupaten or kota")
    district: ShortText | None = Field(default=None, description="Kecamatan")
    village: ShortText | None = Field(default=None, description="Kelurahan or desa")
    region_code: str | None = Field(
        default=None, pattern=r"^\d{2}(\.?\d{2}(\.?\d{2}(\.?\d{4})?)?)?$", description="Kemendagri code, 2 to 10 digits"
    )
    address: Annotated[str, StringConstraints(max_length=1000)] | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class Reporter(Schema):
    """Who reports. Stored apart and encrypted; travels only where a destination may have it."""

    name: ShortText | None = None
    phone: Annotated[str, StringConstraints(max_length=32)] | None = Field(
        default=None, description="E.164 where known"
    )
    email: Annotated[str, StringConstraints(max_length=254)] | None = None
    nik: str | None = Field(default=None, pattern=r"^\d{16}$", description="National identity number, 16 digits")
    address: Annotated[str, StringConstraints(max_length=1000)] | None = None


class Attachment(Schema):
    """A file of a report. Its bytes lie in storage under the report's key; until then `source` says how to fetch it."""

    name: ShortText
    media_type: ShortText = "application/octet-stream"
    size: int | None = Field(default=None, ge=0, description="Bytes; unknown until fetched")
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    source: Annotated[str, StringConstraints(max_length=2048)] | None = Field(
        default=None, description="The vendor's media id, where the bytes must still be fetched"
    )
    stored: str | None = Field(default=None, description="Name of the sealed file in storage, once it is there")


class Report(Schema):
    """One citizen's report without the reporter's identity."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LIMIT)]
    content: Annotated[str, StringConstraints(max_length=CONTENT_LIMIT)]
    classification: Classification = Classification.UNKNOWN
    category_id: int | None = Field(default=None, ge=1, description="LAPOR!'s category id")
    agency: ShortText | None = Field(default=None, description="The agency that the reporter names, as written")
    location: Location | None = None
    incident_date: date | None = None
    is_anonymous: bool = Field(default=False, description="Anonim: the name is hidden from the agency")
    is_secret: bool = Field(default=False, description="Rahasia: the report is hidden from the public")
    is_priority: bool = False
    attachments: tuple[Attachment, ...] = ()
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$", description="ISO 639 code")
    tags: tuple[ShortText, ...] = ()


class Message(Schema):
    """One message of a report: the first makes it, later ones add to it. `sequence` counts from 0 within the report."""

    sequence: int = Field(ge=0)
    received_at: AwareDatetime
    text: Annotated[str, StringConstraints(max_length=CONTENT_LIMIT)] = ""
    location: Location | None = None
    incident_date: date | None = Field(default=None, description="The day it happened, as this message tells")
    attachments: tuple[Attachment, ...] = ()
    is_anonymous: bool = Field(default=False, description="The reporter asks with this message to stay unnamed")
    is_secret: bool = Field(default=False, description="The reporter asks with this message to hide the report")
    rating: int | None = Field(default=None, ge=1, le=5, description="The reporter rates how the case was dealt with")


class InlineFile(Schema):
    """A small file sent inside a JSON report."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    media_type: ShortText = "application/octet-stream"
    content_base64: str = Field(description="The bytes in base64 (RFC 4648 section 4)")


class ReportSubmission(Schema):
    """What a channel service posts to `/v1/reports`."""

    message_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(
        description="The channel's own id of this message; sending it again creates nothing twice"
    )
    content: Annotated[str, StringConstraints(min_length=1, max_length=CONTENT_LIMIT)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LIMIT)] | None = None
    classification: Classification = Classification.UNKNOWN
    category_id: int | None = Field(default=None, ge=1)
    agency: ShortText | None = None
    location: Location | None = None
    incident_date: date | None = None
    is_anonymous: bool = False
    is_secret: bool = False
    attachments: Annotated[tuple[InlineFile, ...], Field(max_length=10)] = ()
    reporter: Reporter | None = None
    sent_at: AwareDatetime | None = Field(default=None, description="When the reporter sent it, if the channel knows")
    extra: dict[str, Json] | None = Field(default=None, description="The channel's own fields; kept, not passed on")
