"""Replies by mail to cases that were mailed: threaded to their case, believed only from where the case went.

A reply names its case by our Message-ID in In-Reply-To or References (RFC 5322 section 3.6.4), whose handoff id nobody
can guess who did not get the mail, or by the address that it was sent to; and it must come from a domain that the case
went to. A line `Status: …` in it is a status, a line `Pertanyaan: …` a question; the rest is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

from adapters.contract import InboundMessage
from adapters.inbound.mail import read_mail
from adapters.inbound.mime import read_mime
from adapters.outbound.mail_ids import handoff_answered, handoff_of_return_path
from gateway.ledger.cases import find_case
from gateway.ledger.views import show_handoff
from gateway.receipts.keeping import About, Keeping, keep
from schemas.status import STATUS_NAME_LIMIT, CaseEvent, EventKind, EventSource

LARGEST = 32 * 1024 * 1024
_STATUS = re.compile(r"(?im)^[ \t*]*status[ \t*]*:[ \t*]*(\S[^\r\n]*?)[ \t*.]*$")
_QUESTION = re.compile(r"(?im)^[ \t*]*(?:pertanyaan|question)[ \t*]*:[ \t]*(?=\S)")
_FIRST_LINES = 5
_TO = ("delivered-to", "x-original-to", "to")


class Taken(StrEnum):
    """What became of a reply."""

    KEPT = "kept"
    """It stands in the case's timeline."""
    KNOWN = "known"
    """It stood there before."""
    AUTOMATIC = "automatic"
    """A machine wrote it: a notice of absence, say."""
    NO_CASE = "no_case"
    """It names no case that was mailed."""
    STRANGER = "stranger"
    """It comes from elsewhere than the case went to."""


@dataclass(frozen=True, slots=True)
class Replying:
    """Who may reply: the mail addresses of each destination that is mailed to."""

    tools: Keeping
    recipients: Mapping[str, tuple[str, ...]]

    async def take(self, raw: bytes, recipient: str = "") -> Taken:
        """Keep one reply, any bytes. `recipient` is the envelope's, if it is known. Raises LedgerUnavailable."""
        mail = replace(read_mime(raw[:LARGEST]), files=())  # a case has no place for an agency's files
        handoff_id = _handoff_of(mail.headers, recipient)
        handoff = await self.tools.ledger.read(show_handoff, handoff_id) if handoff_id else None
        if handoff is None or handoff.destination not in self.recipients:
            return Taken.NO_CASE
        held = await self.tools.ledger.read(find_case, handoff.destination, (), handoff.report_id)
        if held is None:
            return Taken.NO_CASE
        sender = _domain(mail.sender)
        if not sender or sender not in map(_domain, self.recipients[handoff.destination]):
            return Taken.STRANGER
        read = read_mail(mail)
        if not isinstance(read, InboundMessage):
            return Taken.AUTOMATIC
        about = About(held.handoff.report_id, held.handoff.id, handoff.destination, held.key)
        new = await keep(self.tools, about, EventSource.MAIL, [event_of(read)])
        return Taken.KEPT if new else Taken.KNOWN


def event_of(read: InboundMessage) -> CaseEvent:
    """What a reply says: a status where its first lines name one, else a question where it asks, else an answer."""
    head = "\n".join(read.content.splitlines()[:_FIRST_LINES])
    status, asks = _STATUS.search(head), _QUESTION.search(read.content)
    name = status[1][:STATUS_NAME_LIMIT] if status else None
    text = read.content.replace(status[0], "", 1).strip() if status else read.content
    kind = EventKind.QUESTION if asks else EventKind.STATUS if name else EventKind.ANSWER
    if asks:
        text = _QUESTION.sub("", text)
    key = f"mail:{read.message_id}"[:255]
    return CaseEvent(key=key, kind=kind, status_name=name, text=text, happened_at=read.sent_at)


def _handoff_of(headers: Mapping[str, str], recipient: str) -> UUID | None:
    answered = handoff_answered(headers.get("references", ""), headers.get("in-reply-to", ""))
    if answered is not None:
        return answered
    addresses = (recipient, *(headers.get(name, "") for name in _TO))
    return next((found for one in addresses if (found := handoff_of_return_path(one)) is not None), None)


def _domain(address: str) -> str:
    try:
        plain = parseaddr(address[:2000])[1]
    except RecursionError:
        return ""
    return plain.rpartition("@")[2].lower()
