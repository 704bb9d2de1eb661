"""What an entry of the kind `ministry_rest` may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from adapters.http import Authentication, Tls
from adapters.outbound.answers import Rules
from adapters.outbound.payload import Payload
from adapters.outbound.pointers import Pointer
from schemas.base import Schema
from schemas.handoff import Repeat

Path = Annotated[str, StringConstraints(pattern=r"^(/[!-~]*)?$", max_length=1024)]
LookupPath = Annotated[str, StringConstraints(pattern=r"^/[!-~]*\{key\}[!-~]*$", max_length=1024)]


class Options(Schema):
    """How one ministry takes cases. The defaults are what a ministry that builds anew should do."""

    path: Path = Field(default="", description="Appended to the entry's address; cases are posted there")
    repeat: Literal[Repeat.DEDUPES, Repeat.LOOKUP, Repeat.NEITHER] = Field(
        default=Repeat.DEDUPES, description="What a second sending of the same key does there"
    )
    lookup_path: LookupPath | None = Field(
        default=None, description="Where a case is asked for, with {key}; without it {path}?idempotency_key={key}"
    )
    lookup_delay: float = Field(default=60.0, ge=0, le=86_400, description="Seconds before a look-up can be trusted")
    reference_pointers: Annotated[tuple[Pointer, ...], Field(min_length=1)] = Field(
        default=("/receipt/reference", "/reference", "/id"),
        description="Where the reference stands; the first hit counts",
    )
    public_url_pointer: Pointer = Field(default="/receipt/public_url", description="Where a public page is named")
    requires_reference: bool = Field(default=True, description="Whether an acceptance without a reference is in doubt")
    send_files: bool = Field(default=False, description="Whether the bytes of attachments go along, in base64")
    sign: bool = Field(default=True, description="Whether requests are signed in the way of Standard Webhooks")
    auth: Authentication = Field(default=Authentication(), description="Other proofs of who sends")
    tls: Tls | None = Field(default=None, description="A client certificate, or authorities of the ministry's own")
    answers: Rules = Field(default=Rules(), description="What answers mean here that are not what they seem")
    payload: Payload | None = Field(default=None, description="The body in the ministry's own shape")
