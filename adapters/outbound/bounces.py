"""Reads what mail systems send back: which handoff's mail failed, for good or only for now.

Sources: RFC 3464 (delivery status notifications), RFC 3463 (status codes), RFC 5321 section 4.5.3 (limits).
Systems that write no report in that form (qmail and its kin) are understood by the words that they use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.parser import BytesHeaderParser
from uuid import UUID

from adapters.outbound.mail_ids import handoff_of_return_path, handoffs_in

LARGEST = 1024 * 1024
"""Bytes of a bounce that are read; what is cut off is the returned message."""
_STATUS = re.compile(r"\b([45]\.\d{1,3}\.\d{1,3})\b")
_ACTION = re.compile(r"(?im)^action:[ \t]*(failed|delayed|delivered|relayed|expanded)\b")
_REPORTED = re.compile(r"(?im)^status:[ \t]*([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"(?im)^diagnostic-code:[^\r\n]{0,200}?\b([45]\d\d)\b")
_FAILED_WORDS = re.compile(
    r"(?i)this is a permanent error|undeliverable|could not be delivered|delivery (?:has )?failed|user unknown"
)
_DELAYED_WORDS = re.compile(r"(?i)warning message only|will (?:keep|continue) trying|delivery.{0,20}delayed")
_TO = ("Delivered-To", "X-Original-To", "To", "Envelope-To")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that came back. `status` is as 5.1.1, `code` the three digits of SMTP; no address, no text."""

    handoff_id: UUID
    permanent: bool
    status: str | None = None
    code: int | None = None


def read_bounce(raw: bytes, recipient: str = "") -> Bounce | None:
    """The bounce in a message, None for one that is none or names no handoff of ours.

    `recipient` is the envelope's, if it is known. Survives any bytes.
    """
    text = raw[:LARGEST].decode("latin-1")
    permanent = _verdict(_report_in(raw[:LARGEST]), text)
    handoff = _handoff(raw[:LARGEST], recipient, text)
    if permanent is None or handoff is None:
        return None
    status, code = _REPORTED.search(text) or _STATUS.search(text), _REPLY_CODE.search(text)
    return Bounce(handoff, permanent, status[1] if status else None, int(code[1]) if code else None)


def _report_in(raw: bytes) -> str:
    """The text of the part message/delivery-status; empty where there is none."""
    try:
        message: Message = message_from_bytes(raw, policy=policy.compat32)
        parts = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
        return "\n".join(part.as_bytes().decode("latin-1") for part in parts)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError):
        return ""


def _verdict(report: str, text: str) -> bool | None:
    """Whether it failed for good; None when nothing says that it failed. One failed recipient decides."""
    actions = {found.lower() for found in _ACTION.findall(report)}
    if actions:
        return True if "failed" in actions else False if "delayed" in actions else None
    if _DELAYED_WORDS.search(text):
        return False
    return True if _FAILED_WORDS.search(text) else None


def _handoff(raw: bytes, recipient: str, text: str) -> UUID | None:
    """The return path first: the sender of a mail chose it, and only a bounce comes to it."""
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(raw)
    for address in (recipient, *(str(message.get(name, "")) for name in _TO)):
        known = handoff_of_return_path(address)
        if known is not None:
            return known
    returned = handoffs_in(text)
    return returned[0] if returned else None
