"""Answers through Africa's Talking, free on demand where the reporter's text gave a link id.

https://developers.africastalking.com/docs/sms/sending/bulk
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
from schemas.errors import Misconfigured
from schemas.handoff import Outcome

API_KEY = "api_key"
_TAKEN = range(100, 103)
_NOT_NOW = {401: "risk_hold", 402: "sender_refused", 405: "no_credit"}
_BROKEN = range(500, 600)


class AfricasTalkingOptions(SmsOptions):
    """`username` is the application's name there; `api_url` is where texts are taken."""

    api_url: Address = "https://api.africastalking.com"
    username: str = ""


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The application as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(AfricasTalkingOptions, entry)
    if not options.answers:
        return None
    if not options.username:
        raise Misconfigured(f"channel {entry.name} cannot answer without the option username: the application's name")
    login, url = ("apikey", needed(entry.secrets, API_KEY, entry.name)), f"{options.api_url}/version1/messaging"

    def call(case: Case, at: datetime) -> Call:
        text = text_of(case, options, needs_sender=False)
        said = {"username": options.username, "to": text.to, "message": text.body}
        more = {"from": text.sender, "linkId": text.thread}
        return post_form(case, options, url, said | {name: value for name, value in more.items() if value}, login)

    return voice(entry, options, call, _read)


def _read(reply: Reply, at: datetime) -> Outcome:
    outcome = classify(reply, at)
    if outcome is not None:
        return outcome
    first = at_path(json_of(reply), "SMSMessageData", "Recipients", 0)
    status, reference = at_path(first, "statusCode"), at_path(first, "messageId")
    if not isinstance(status, int) or status in _BROKEN:
        return in_doubt(reply, "no_reference" if not isinstance(status, int) else "vendor_error")
    if status in _TAKEN:
        return sent(reply, at, reference) if is_reference(reference) else in_doubt(reply, "no_reference")
    return deferred(reply, _NOT_NOW[status]) if status in _NOT_NOW else refused(reply, "rejected")
