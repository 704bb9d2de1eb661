"""A notice: what the gateway tells the reporter, or the channel service that speaks with the reporter."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from schemas.base import Schema
from schemas.vocabulary import CaseStatus

NOTICE_TEXT_LIMIT = 4000
"""Characters of a notice's text in one language: WhatsApp takes 4,096 in one message."""


class NoticePurpose(StrEnum):
    """Why something is told."""

    ACKNOWLEDGED = "acknowledged"
    """The report is kept; here is its tracking code."""
    ASKED = "asked"
    """Something is missing before the report can be handed on."""
    STATUS_CHANGED = "status_changed"
    """An agency set another status, or answered."""
    QUESTION = "question"
    """An agency asks the reporter something."""
    CLOSED = "closed"
    """Nothing more will happen by itself."""
    NON_DELIVERY = "non_delivery"
    """The report could not be handed to an agency, or the agency does not collect it."""
    STATUS_TOLD = "status_told"
    """The answer to the reporter's own question how the report stands."""
    WITHDRAWN = "withdrawn"
    """The answer to the reporter's wish to take the report back."""
    RATED = "rated"
    """The answer to the reporter's rating."""
    REOPENED = "reopened"
    """The answer to the reporter's word that it is not solved."""
    NOTICES_OFF = "notices_off"
    """The answer to `stop`."""
    NOTICES_ON = "notices_on"
    """The answer to `mulai`."""


ANSWERS = frozenset(
    {
        NoticePurpose.ACKNOWLEDGED,
        NoticePurpose.ASKED,
        NoticePurpose.STATUS_TOLD,
        NoticePurpose.WITHDRAWN,
        NoticePurpose.RATED,
        NoticePurpose.REOPENED,
        NoticePurpose.NOTICES_OFF,
        NoticePurpose.NOTICES_ON,
    }
)
"""Answers to what the reporter has just written: they go at once, at night too, and whoever said `stop` gets them."""

NoticeText = Annotated[str, StringConstraints(min_length=1, max_length=NOTICE_TEXT_LIMIT)]


class Notice(Schema):
    """One thing to be told: the text in two languages, and the facts for a channel that words it itself.

    It never holds identity, and of the report no more than a short title. `agency` is who said it, as people know it;
    `status_name` is as it came, `status` what it means among the known ones. `missing` names what is asked for.
    """

    purpose: NoticePurpose
    text_id: NoticeText
    text_en: NoticeText
    tracking_code: str
    created_at: AwareDatetime
    title: Annotated[str, StringConstraints(max_length=80)] | None = None
    agency: Annotated[str, StringConstraints(max_length=255)] | None = None
    status_name: Annotated[str, StringConstraints(max_length=120)] | None = None
    status: CaseStatus | None = None
    missing: tuple[str, ...] = ()
    reference: Annotated[str, StringConstraints(max_length=255)] | None = Field(
        default=None, description="The agency's own number of the case"
    )
    tracking_url: Annotated[str, StringConstraints(max_length=2048)] | None = None
