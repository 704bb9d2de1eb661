"""What a channel service posts when a reporter says more about a report that is kept already."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from schemas.base import Schema
from schemas.report import CONTENT_LIMIT, InlineFile


class LaterKind(StrEnum):
    """What the reporter wants."""

    MESSAGE = "message"
    """To add words or files."""
    WITHDRAWAL = "withdrawal"
    """To take the report back."""
    RATING = "rating"
    """To rate how it was dealt with."""
    NOT_SOLVED = "not_solved"
    """To say that it is not solved: the case is opened again."""


class LaterMessage(Schema):
    """A further message of a reporter. A message needs text or files, a rating its number."""

    message_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(
        description="The channel's own id of this message; sending it again creates nothing twice"
    )
    kind: LaterKind = LaterKind.MESSAGE
    text: Annotated[str, StringConstraints(max_length=CONTENT_LIMIT - 100)] = ""
    rating: int | None = Field(default=None, ge=1, le=5, description="1 is worst, 5 is best")
    attachments: Annotated[tuple[InlineFile, ...], Field(max_length=10)] = ()
    sent_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.kind is LaterKind.MESSAGE and not (self.text.strip() or self.attachments):
            raise ValueError("a message needs `text` or `attachments`")
        if (self.rating is not None) != (self.kind is LaterKind.RATING):
            raise ValueError("`rating` goes with the kind `rating`, and that kind needs it")
        return self


class LaterReceipt(Schema):
    """The answer to a further message. `sequence` is its place in the report."""

    message_id: str
    id: str
    tracking_code: str
    sequence: int
    duplicate: bool = False
