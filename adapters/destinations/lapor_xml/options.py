"""What an entry of the kind `lapor_xml` may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.base import Schema
from schemas.report import CONTENT_LIMIT

Path = Annotated[str, StringConstraints(pattern=r"^/[!-~]*$", max_length=1024)]
Page = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+\{tracking_id\}[!-~]*$", max_length=1024)]
Short = Annotated[str, StringConstraints(max_length=255)]


class Unnamed(Schema):
    """Who stands in `pelapor` where the reporter may not: the channel itself, never an invented person."""

    first_name: Annotated[str, StringConstraints(min_length=1, max_length=255)] = "Anonim"
    last_name: Short = ""
    email: Short = ""
    phone: Short = ""


class Options(Schema):
    """How the older interface is spoken to. Every path is a setting, because the interface was only ever observed."""

    path: Path = Field(default="/api/stream/addstream", description="Where complaints are posted")
    topics_path: Path = Field(default="/api/services/f01/gettopics", description="Where the categories are asked for")
    topics_key: Literal["body", "header"] = Field(default="body", description="Where `gettopics` wants its KEYTOKEN")
    content_limit: int = Field(default=CONTENT_LIMIT, ge=500, description="Characters of `isi`; longer ones are cut")
    later: Literal["refuse", "new"] = Field(
        default="refuse", description="Later messages: refused, or a complaint of their own that names the first"
    )
    unnamed: Unnamed = Field(default=Unnamed(), description="`pelapor` of whoever may not be named")
    public_url: Page | None = Field(default=None, description="The page of a complaint, with {tracking_id}")
