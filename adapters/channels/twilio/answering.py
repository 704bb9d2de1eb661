"""Answers through Twilio's Messages resource.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.message import OneMessage, at_path, json_of, read_reference, refused, voice
from adapters.answering.options import Address, SmsOptions, needed, read_options
from adapters.answering.posting import basic, post_form
from adapters.answering.sms import text_of
from adapters.contract import Call, Case, ChannelEntry, Reply
from schemas.handoff import Outcome

_NEVER = {21211: "no_such_number", 21610: "opted_out_at_vendor", 21612: "unreachable", 21614: "no_mobile_number"}


class TwilioOptions(SmsOptions):
    """`api_url` is where Twilio takes messages."""

    api_url: Address = "https://api.twilio.com"


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The account as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(TwilioOptions, entry)
    if not options.answers:
        return None
    account = needed(entry.secrets, "account_sid", entry.name)
    login = basic(account, needed(entry.secrets, "auth_token", entry.name))
    url = f"{options.api_url}/2010-04-01/Accounts/{account}/Messages.json"

    def call(case: Case, at: datetime) -> Call:
        text = text_of(case, options)
        return post_form(case, options, url, {"To": text.to, "From": text.sender, "Body": text.body}, login)

    return voice(entry, options, call, _read)


def _read(reply: Reply, at: datetime) -> Outcome:
    code = at_path(json_of(reply), "code") if reply.status == 400 else None
    if isinstance(code, int) and code in _NEVER:
        return refused(reply, _NEVER[code])
    return read_reference(reply, at, "sid")
