"""What every vendor of mail is told: an answer in the thread of the reporter's mail (RFC 5322, 3.6.4).

It says that a machine wrote it (RFC 3834, 5), so that no other machine answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters.answering.message import Unsendable, address_of, notice_of
from adapters.answering.options import MailOptions
from adapters.answering.wording import worded
from adapters.contract import Case

_SUBJECT_LIMIT = 200
_ID = re.compile(r"<[!-;=?-~]{1,250}>")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail."""

    to: str
    sender: str
    subject: str
    body: str
    headers: dict[str, str]


def letter_of(case: Case, options: MailOptions) -> Letter:
    """The mail of a notice. Raises Unsendable without an address to send to or from."""
    notice, address = notice_of(case), address_of(case)
    sender = options.sender or address.sender
    if "@" not in sender or "@" not in address.to:
        raise Unsendable("no_mail_address")
    subject = " ".join(address.subject.split())[:_SUBJECT_LIMIT]
    headers = {"Auto-Submitted": "auto-replied"}
    if _is_id(address.thread):
        earlier = (each for each in (address.root, address.thread) if _is_id(each))
        headers |= {"In-Reply-To": address.thread, "References": " ".join(dict.fromkeys(earlier))}
    return Letter(
        to=address.to,
        sender=sender,
        subject=f"Re: {subject}" if subject else f"Laporan {notice.tracking_code}",
        body=worded(notice, options.languages),
        headers=headers,
    )


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None
