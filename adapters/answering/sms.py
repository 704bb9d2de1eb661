"""What every vendor of SMS is told: who, from whom, and the text in as few parts as it takes; and how some answer."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.answering.message import (
    Unsendable,
    address_of,
    at_path,
    deferred,
    in_doubt,
    is_reference,
    json_of,
    notice_of,
    refused,
    sent,
)
from adapters.answering.options import SmsOptions
from adapters.answering.wording import for_sms, is_gsm_7, worded
from adapters.contract import Case, Reply
from adapters.http.outcomes import classify
from schemas.handoff import Outcome


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `thread` is what the vendor gave to tie an answer to a message, if it gave anything."""

    to: str
    sender: str
    body: str
    thread: str

    @property
    def is_wide(self) -> bool:
        """Whether it needs UCS-2."""
        return not is_gsm_7(self.body)


def text_of(case: Case, options: SmsOptions, *, needs_sender: bool = True) -> Text:
    """The text of a notice. Raises Unsendable without a number to send to or from."""
    notice, address = notice_of(case), address_of(case)
    sender = options.sender or address.sender
    if needs_sender and not sender:
        raise Unsendable("no_sender_number")
    body = for_sms(worded(notice, options.languages), notice.tracking_code, options.most_parts)
    return Text(address.to, sender, body, address.thread)


@dataclass(frozen=True, slots=True)
class Codes:
    """How a vendor that takes whatever it is sent tells in the body what became of the first part.

    `path` leads to that part; `status` and `reference` are its fields. The codes are all of one type: those that say
    `taken`, those that say `broken` (it may have arrived) and why it is `not_now`; any other refuses for good.
    """

    path: tuple[str | int, ...]
    status: str
    reference: str
    taken: Container[Any]
    broken: Container[Any]
    not_now: Mapping[Any, str]
    type: type[int] | type[str]


def read_codes(reply: Reply, at: datetime, codes: Codes) -> Outcome:
    """What such a vendor's answer means. The first part decides: the others share its fate."""
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    first = at_path(json_of(reply), *codes.path)
    status, reference = at_path(first, codes.status), at_path(first, codes.reference)
    if not isinstance(status, codes.type) or (status in codes.taken and not is_reference(reference)):
        return in_doubt(reply, "no_reference")
    if status in codes.taken:
        return sent(reply, at, reference)
    if status in codes.broken:
        return in_doubt(reply, "vendor_error")
    return deferred(reply, codes.not_now[status]) if status in codes.not_now else refused(reply, "rejected")
