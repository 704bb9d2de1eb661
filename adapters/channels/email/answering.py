"""Answers by mail through a relay, in the thread of the reporter's mail.

The envelope has no sender unless `return_path` names one (RFC 3834, 3.3): a bounce of an answer has nowhere to go, and
so no two machines can answer each other for ever.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from adapters.answering.mail import Letter, letter_of
from adapters.answering.message import Manner, OneMessage, Unsendable, notice_of
from adapters.answering.options import MailOptions, read_options
from adapters.contract import Call, Case, ChannelEntry, Reply
from adapters.outbound.mail_ids import message_id
from adapters.smtp.reading import read_handover
from adapters.smtp.relay import PASSWORD as PASSWORD
from adapters.smtp.relay import USER as USER
from adapters.smtp.relay import Way, mailer_of
from schemas.errors import Misconfigured
from schemas.handoff import Outcome

_PLAIN = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,63}$"
_POLICY = SMTP.clone(cte_type="7bit", raise_on_defect=True, max_line_length=900)
Address_ = Annotated[str, StringConstraints(pattern=_PLAIN, to_lower=True)]


def _listed(value: object) -> object:
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else value


class EmailOptions(MailOptions):
    """`address` is where citizens write to, one or more, separated by commas; it decides which channel a mail is for.

    `relay` is what answers leave by, `smtp+starttls://host:587` or `smtps://host:465`; `allow_plain` lets it be
    `smtp://`, on this host say. `sender` is whom answers come from, else the address that was written to. `return_path`
    is where their bounces go: nowhere, unless it is given. `ca_file` holds authorities in place of the system's.
    """

    address: Annotated[tuple[Address_, ...], BeforeValidator(_listed), Field(min_length=1, max_length=50)]
    relay: str = ""
    allow_plain: bool = False
    ca_file: str | None = None
    return_path: Address_ | None = None


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The relay as a destination; None when the channel is not to answer. Raises Misconfigured."""
    options = read_options(EmailOptions, entry)
    if not options.answers:
        return None
    if not options.relay:
        raise Misconfigured(f"channel {entry.name} cannot answer without the option relay: smtp+starttls://host:587")
    place = f"channel {entry.name}, option"
    way = Way(
        name=entry.name,
        url=options.relay,
        hello=_domain(options.sender or options.address[0]),
        url_at=f"{place} relay",
        secrets_at=f"channel {entry.name}, secrets",
        ca_at=f"{place} ca_file",
        user=entry.secrets.get(USER),
        password=entry.secrets.get(PASSWORD),
        allow_plain=options.allow_plain,
        ca_file=options.ca_file,
        private_hosts=frozenset(options.private_hosts),
    )

    def call(case: Case, at: datetime) -> Call:
        letter = letter_of(case, options)
        if not (re.fullmatch(_PLAIN, letter.to) and re.fullmatch(_PLAIN, letter.sender)):
            raise Unsendable("no_mail_address")
        envelope = (("mail-from", options.return_path or ""), ("rcpt-to", letter.to))
        identity = message_id(case.handoff_id, _domain(letter.sender))
        return Call("SMTP", options.relay, envelope, _message(case, letter, identity), identity[1:-1], fresh=True)

    return OneMessage(entry.name, Manner(call, _read, options.repeats), mailer_of(way))


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _message(case: Case, letter: Letter, identity: str) -> bytes:
    """The same bytes whenever it is sent again."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(addr_spec=letter.sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(notice_of(case).created_at.astimezone(UTC))
    message["Message-ID"] = identity
    for name, value in letter.headers.items():
        message[name] = value
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # Exchange asks for its own
    message.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def _read(reply: Reply, at: datetime) -> Outcome:
    return read_handover(None, reply, at)
