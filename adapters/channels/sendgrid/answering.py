"""Answers through SendGrid's Mail Send API, in the thread of the reporter's mail.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.mail import letter_of
from adapters.answering.message import OneMessage, sent, voice
from adapters.answering.options import Address, MailOptions, needed, read_options
from adapters.answering.posting import bearer, post_json
from adapters.contract import Call, Case, ChannelEntry, Reply
from adapters.http.outcomes import classify
from schemas.handoff import Outcome

API_KEY = "api_key"


class SendGridOptions(MailOptions):
    """`api_url` is where SendGrid takes mails."""

    api_url: Address = "https://api.sendgrid.com"


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The account as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(SendGridOptions, entry)
    if not options.answers:
        return None
    login = bearer(needed(entry.secrets, API_KEY, entry.name))

    def call(case: Case, at: datetime) -> Call:
        letter = letter_of(case, options)
        document = {
            "personalizations": [{"to": [{"email": letter.to}]}],
            "from": {"email": letter.sender},
            "subject": letter.subject,
            "content": [{"type": "text/plain", "value": letter.body}],
            "headers": letter.headers,
        }
        return post_json(case, options, f"{options.api_url}/v3/mail/send", document, login)

    return voice(entry, options, call, _read)


def _read(reply: Reply, at: datetime) -> Outcome:
    """202 and an empty body; the id stands in a header."""
    return classify(reply, at) or sent(reply, at, reply.headers.get("x-message-id", "")[:255] or None)
