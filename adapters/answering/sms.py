"""What every vendor of SMS is told: who, from whom, and the text in as few parts as it takes."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.answering.message import Unsendable, address_of, notice_of
from adapters.answering.options import SmsOptions
from adapters.answering.wording import for_sms, is_gsm_7, worded
from adapters.contract import Case


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
