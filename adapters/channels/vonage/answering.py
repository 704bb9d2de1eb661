"""Answers through Vonage's SMS API, which answers 200 to everything and says in the body what it did.

https://developer.vonage.com/en/api/sms
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.message import (
    OneMessage,
    at_path,
    deferred,
    in_doubt,
    is_reference,
    json_of,
    refused,
    sent,
    voice,
)
from adapters.answering.options import Address, SmsOptions, needed, read_options
from adapters.answering.posting import post_form
from adapters.answering.sms import text_of
from adapters.contract import Call, Case, ChannelEntry, Reply
from adapters.http.outcomes import classify
from schemas.handoff import Outcome

API_KEY, API_SECRET = "api_key", "api_secret"
_TAKEN = "0"
_NOT_NOW = {"1": "throttled", "4": "credentials_refused", "5": "vendor_error", "8": "account_barred", "9": "no_credit"}


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
    """The first part decides: the others share its fate but for a fault of the vendor's."""
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    first = at_path(json_of(reply), "messages", 0)
    status, reference = at_path(first, "status"), at_path(first, "message-id")
    if status == _TAKEN and is_reference(reference):
        return sent(reply, at, reference)
    if status == "5" or not isinstance(status, str) or status == _TAKEN:
        return in_doubt(reply, "vendor_error" if status == "5" else "no_reference")
    return deferred(reply, _NOT_NOW[status]) if status in _NOT_NOW else refused(reply, "rejected")
