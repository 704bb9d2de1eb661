"""What an entry of the kind `sp4n` may say: every path, id and format, because a new manual may change it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Schema
from schemas.report import CONTENT_LIMIT
from schemas.vocabulary import Classification

Id = Annotated[int, Field(ge=1)]
Path = Annotated[str, StringConstraints(pattern=r"^/[!-~]*$", max_length=1024)]
CasePath = Annotated[str, StringConstraints(pattern=r"^/[!-~]*\{complaint_id\}[!-~]*$", max_length=1024)]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", max_length=100)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=1024)]
RegionCode = Annotated[str, StringConstraints(pattern=r"^\d{2}(\.?\d{2}(\.?\d{2}(\.?\d{4})?)?)?$")]


class Paths(Schema):
    """Where each call goes, appended to the entry's address. A channel may have complaint paths of its own."""

    files: Path = "/complaints/complaint/file"
    complaint: Path = "/complaints/complaint"
    pass_on: CasePath = "/complaints/process/{complaint_id}/reject"  # noqa: S105 - a path
    status: CasePath = "/complaints/{complaint_id}/complaint"
    followups: CasePath = "/complaints/{complaint_id}/followups"
    followup: Path = "/complaints/followup/add"
    institutions: Path = "/masters/institutions/external?page_size=1000"
    templates: Path = "/masters/templates?page_size=1000"


class Options(Schema):
    """How the national system is spoken to. Only the two ids that it gives each channel have no default."""

    user_id: Id = Field(description="The channel's account at LAPOR!")
    institution_id: Id = Field(description="The channel's own institution; complaints are created disposed to it")
    target_institution: Id | None = Field(
        default=None, description="Where complaints are passed on when the route names no `institution`"
    )
    channel_id: Id = Field(default=13, description="`channel` of a complaint")
    new_reporter_channel_id: Id = Field(default=26, description="`channel` of a complaint that brings its reporter")
    classification_id: Id = Field(default=6, description="For classes that `classification_ids` does not name")
    classification_ids: dict[Classification, Id] = Field(default={}, description="LAPOR!'s id of each class")
    category_id: Id = Field(default=110, description="For reports without a category (110: Topik Lainnya)")
    location_id: Id = Field(default=34, description="For places that `location_ids` does not name (34: national)")
    location_ids: dict[RegionCode, Id] = Field(
        default={}, description="LAPOR!'s id of each region code; the longest that fits decides"
    )
    tags: Annotated[str, StringConstraints(max_length=255)] = Field(default="#sp4ngateway", description="`tags_raw`")
    attachments_format: Annotated[str, StringConstraints(pattern=r"\{ids\}")] = Field(
        default="[{ids}].", description="`attachments` of a complaint; the dot was observed and is kept"
    )
    incident_date_format: str = Field(default="%Y-%m-%d", description="`date_of_incident`, as strftime writes it")
    content_limit: int = Field(default=CONTENT_LIMIT, ge=200, description="Longer texts go on in follow-ups")
    pass_on_reason: str = Field(
        default="Laporan ini merupakan kewenangan instansi tujuan.",
        description="`reason_description` of call 3",
    )
    followup_attachments: Literal["ids", "bytes"] = Field(
        default="ids", description="Whether `attachment[i]` of a follow-up is the id of an uploaded file or the file"
    )
    followup_template: str = Field(default="", description="`template_code` of follow-ups")
    followup_text_field: str = Field(default="content", description="Where a listed follow-up has its text")
    followups_page: Annotated[str, StringConstraints(pattern=r"^[!-~]*$")] = Field(
        default="page={page}&page_size={size}", description="How call 5 is asked for one page; empty: it has no pages"
    )
    followups_page_size: int = Field(default=100, ge=1, le=1000, description="Rows of a page of call 5")
    authorization_header: HeaderName = "Authorization"
    authorization_prefix: str = Field(default="Bearer ", pattern=r"^[ -~]*$")
    token_header: HeaderName = Field(default="token", description="Carries the secret `second_token` as it is")
    lookup_delay: float = Field(default=60.0, ge=0, le=86_400, description="Seconds before a look-up can be trusted")
    public_url: Url | None = Field(
        default=None, description="The page of a complaint, with {tracking_id}: https://…/pengaduan/{tracking_id}"
    )
    topics_url: Url | None = Field(default=None, description="The older `gettopics`, for the categories")
    topics_key: Literal["body", "header"] = Field(default="body", description="Where `gettopics` wants its KEYTOKEN")
    paths: Paths = Paths()
