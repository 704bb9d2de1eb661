"""A conversation that spans several messages, told as one report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.report import CONTENT_LIMIT, Message, Report

LONG_TEXT = 80
"""A later text of this many characters, sent after the report went out, is a report of its own."""

CUT_TAG = "terpotong"
"""Says that the joined text was too long for one report; the rest is kept with the messages."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long intake waits for what belongs together.

    `gather`: a first handoff of a conversation waits so long for the photo that follows; `window`: so long after the
    last message a new one still belongs to the same report.
    """

    gather: timedelta
    window: timedelta


def joined(report: Report, messages: Iterable[Message]) -> Report:
    """The report with its later messages: texts appended, the first place and day that are given, all files.

    Who once asks to stay unnamed, or the report to be hidden, has asked for the whole of it.
    """
    content, location, attachments, tags = report.content, report.location, report.attachments, report.tags
    unnamed, hidden, happened = report.is_anonymous, report.is_secret, report.incident_date
    for message in messages:
        unnamed, hidden = unnamed or message.is_anonymous, hidden or message.is_secret
        if message.text:
            content = f"{content}\n\n{message.text}" if content else message.text
        location = location or message.location
        happened = happened or message.incident_date
        attachments += message.attachments
    if len(content) > CONTENT_LIMIT:
        content, tags = content[:CONTENT_LIMIT], (*(tag for tag in tags if tag != CUT_TAG), CUT_TAG)
    return report.model_copy(
        update={
            "content": content,
            "location": location,
            "incident_date": happened,
            "attachments": attachments,
            "tags": tags,
            "is_anonymous": unnamed,
            "is_secret": hidden,
        }
    )


def belongs_to(
    message: Message, *, last_message_at: datetime, started: bool, window: timedelta, follows: bool = False
) -> bool:
    """Whether a message continues its sender's last report.

    It does within `window` of the last message. Once a handoff of the report has begun (`started`), a long text
    begins a new report all the same: two matters told one after the other must not become one case. Unless its sender
    says that it `follows`: who replies to a mail means that mail.
    """
    if message.received_at - last_message_at > window:
        return False
    return follows or not (started and len(message.text) >= LONG_TEXT)
