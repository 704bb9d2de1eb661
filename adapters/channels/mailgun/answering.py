"""Answers through Mailgun's Messages API, in the thread of the reporter's mail.

https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.mail import letter_of
from adapters.answering.message import OneMessage, read_reference, voice
from adapters.answering.options import Address, MailOptions, needed, read_options
from adapters.answering.posting import basic, post_form
from adapters.contract import Call, Case, ChannelEntry, Reply
from schemas.handoff import Outcome

API_KEY = "api_key"


class MailgunOptions(MailOptions):
    """`api_url` is Mailgun's address of the account's region; `domain` is the sending domain, else the sender's own."""

    api_url: Address = "https://api.mailgun.net"
    domain: str = ""


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The account as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(MailgunOptions, entry)
    if not options.answers:
        return None
    login = basic("api", needed(entry.secrets, API_KEY, entry.name))

    def call(case: Case, at: datetime) -> Call:
        letter = letter_of(case, options)
        domain = options.domain or letter.sender.rpartition("@")[2]
        fields = {"from": letter.sender, "to": letter.to, "subject": letter.subject, "text": letter.body}
        headers = {f"h:{name}": value for name, value in letter.headers.items()}
        return post_form(case, options, f"{options.api_url}/v3/{domain}/messages", fields | headers, login)

    return voice(entry, options, call, _read)


def _read(reply: Reply, at: datetime) -> Outcome:
    return read_reference(reply, at, "id")
