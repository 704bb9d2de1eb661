"""What a ministry posts when something becomes of a case that it was given."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from schemas.base import Schema
from schemas.status import EVENT_TEXT_LIMIT, STATUS_NAME_LIMIT

OwnName = Annotated[str, StringConstraints(min_length=1, max_length=255)]


class StatusUpdate(Schema):
    """One thing that a ministry says about a case: at least one of `status`, `text`, `question` and `not_ours`."""

    status: Annotated[str, StringConstraints(min_length=1, max_length=STATUS_NAME_LIMIT)] | None = Field(
        default=None, description="The status as you name it; LAPOR!'s names are understood, others are kept"
    )
    text: Annotated[str, StringConstraints(max_length=EVENT_TEXT_LIMIT)] = Field(
        default="", description="What the reporter is to be told, or asked; markup is taken out"
    )
    at: AwareDatetime | None = Field(default=None, description="When it happened, with its zone")
    sequence: int | None = Field(
        default=None, ge=0, lt=2**63, description="Your own order: an update with a smaller number moves nothing back"
    )
    reference: OwnName | None = Field(default=None, description="Your own number of the case")
    question: bool = Field(default=False, description="`text` asks the reporter, and the clock waits for the answer")
    not_ours: bool = Field(default=False, description="The case belongs to somebody else; `text` may say to whom")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.status or self.text.strip() or self.not_ours):
            raise ValueError("say something: `status`, `text` or `not_ours`")
        if self.question and not self.text.strip():
            raise ValueError("a question needs its `text`")
        return self


class StatusReceipt(Schema):
    """The answer to an update. `duplicate`: an update with this `webhook-id` was kept before."""

    event_id: str
    tracking_code: str
    duplicate: bool = False
