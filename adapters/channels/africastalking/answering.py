"""Answers through Africa's Talking, free on demand where the reporter's text gave a link id.

https://developers.africastalking.com/docs/sms/sending/bulk
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.message import OneMessage, voice
from adapters.answering.options import Address, SmsOptions, needed, read_options
from adapters.answering.posting import post_form
from adapters.answering.sms import Codes, read_codes, text_of
from adapters.contract import Call, Case, ChannelEntry, Reply
from schemas.errors import Misconfigured
from schemas.handoff import Outcome

API_KEY = "api_key"
_CODES = Codes(
    path=("SMSMessageData", "Recipients", 0),
    status="statusCode",
    reference="messageId",
    taken=range(100, 103),
    broken=range(500, 600),
    not_now={401: "risk_hold", 402: "sender_refused", 405: "no_credit"},
    type=int,
)


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
    return read_codes(reply, at, _CODES)
