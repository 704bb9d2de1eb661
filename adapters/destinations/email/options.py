"""What an entry of the kind `email` may say."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.base import Schema
from schemas.handoff import Repeat

Address = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9.!#$%&'*/=?^_`{|}~-]{1,64}@([a-z0-9-]+\.)+[a-z0-9-]{2,63}$")
]
"""A plain address (RFC 5321 section 4.1.2, the dot-string form), its domain in small letters, without `+`."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Options(Schema):
    """How one mailbox takes cases."""

    sender: Address = Field(description="The address in From; its domain is the one that the relay signs for (DKIM)")
    sender_name: Name = Field(default="SP4N Gateway", description="The name in From")
    recipients: Annotated[tuple[Address, ...], Field(min_length=1, max_length=20)] = Field(
        description="Who gets every case; all of them or nobody"
    )
    reply_to: Address | None = Field(default=None, description="Where answers go; without it to `sender`")
    return_path: Address | None = Field(
        default=None, description="Where bounces go, as name+<handoff>@domain; without it to `sender` as it is"
    )
    repeat: Literal[Repeat.DEDUPES, Repeat.NEITHER] = Field(
        default=Repeat.NEITHER, description="`dedupes` only where the mailbox drops a Message-ID that came before"
    )
    attach_json: bool = Field(default=True, description="Whether the case goes along as JSON")
    attach_pdf: bool = Field(default=True, description="Whether the case goes along as PDF")
    files_limit: int = Field(
        default=10 * 1024 * 1024, ge=0, le=50 * 1024 * 1024, description="Bytes of the reporter's files in one mail"
    )
    allow_plain: bool = Field(default=False, description="Whether smtp://, without TLS, may be used at all")
    ca_file: str | None = Field(default=None, description="Authorities in PEM, in place of the system's")

    @property
    def domain(self) -> str:
        """The domain of the sender."""
        return self.sender.rpartition("@")[2]

    @model_validator(mode="after")
    def _is_aligned(self) -> Self:
        """DMARC (RFC 7489 section 3.1.2) compares the return path with From."""
        if self.return_path is not None:
            bounces = self.return_path.rpartition("@")[2]
            if bounces != self.domain and not bounces.endswith(f".{self.domain}"):
                raise ValueError(f"the domain of return_path must be {self.domain}, or one below it")
        return self
