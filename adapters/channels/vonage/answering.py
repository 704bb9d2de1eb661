"""Answers through Vonage's SMS API, which answers 200 to everything and says in the body what it did.

https://developer.vonage.com/en/api/sms
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.message import OneMessage, voice
from adapters.answering.options import Address, SmsOptions, needed, read_options
from adapters.answering.posting import post_form
from adapters.answering.sms import Codes, read_codes, text_of
from adapters.contract import Call, Case, ChannelEntry, Reply
from schemas.handoff import Outcome

API_KEY, API_SECRET = "api_key", "api_secret"
_CODES = Codes(
    path=("messages", 0),
    status="status",
    reference="message-id",
    taken={"0"},
    broken={"5"},
    not_now={"1": "throttled", "4": "credentials_refused", "8": "account_barred", "9": "no_credit"},
    type=str,
)


class VonageOptions(SmsOptions):
    """`api_url` is where Vonage takes texts."""

    api_url: Address = "https://rest.nexmo.com"


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The account as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(VonageOptions, entry)
    if not options.answers:
        return None
    login = {name: needed(entry.secrets, name, entry.name) for name in (API_KEY, API_SECRET)}

    def call(case: Case, at: datetime) -> Call:
        text = text_of(case, options)
        kind = "unicode" if text.is_wide else "text"
        said = {"from": text.sender, "to": text.to.removeprefix("+"), "text": text.body, "type": kind}
        return post_form(case, options, f"{options.api_url}/sms/json", {**login, **said})

    return voice(entry, options, call, _read)


def _read(reply: Reply, at: datetime) -> Outcome:
    return read_codes(reply, at, _CODES)
