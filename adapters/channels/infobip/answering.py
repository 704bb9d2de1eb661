"""Answers through Infobip's SMS API.

https://www.infobip.com/docs/api/channels/sms/outbound-sms/send-sms-messages
"""

from __future__ import annotations

from datetime import datetime

from adapters.answering.message import OneMessage, at_path, json_of, read_reference, refused, voice
from adapters.answering.options import Address, SmsOptions, needed, read_options
from adapters.answering.posting import post_json
from adapters.answering.sms import text_of
from adapters.contract import Call, Case, ChannelEntry, Reply
from schemas.errors import Misconfigured
from schemas.handoff import Outcome

API_KEY = "api_key"
_REJECTED = 5
"""The group of statuses that says that the message was never taken."""


class InfobipOptions(SmsOptions):
    """`api_url` is the account's own address at Infobip (`https://xxxxx.api.infobip.com`)."""

    api_url: Address | None = None


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The account as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(InfobipOptions, entry)
    if not options.answers:
        return None
    if options.api_url is None:
        raise Misconfigured(f"channel {entry.name} cannot answer without the option api_url: the account's own address")
    login, url = (
        ("authorization", f"App {needed(entry.secrets, API_KEY, entry.name)}"),
        f"{options.api_url}/sms/3/messages",
    )

    def call(case: Case, at: datetime) -> Call:
        text = text_of(case, options)
        destination = {"to": text.to.removeprefix("+"), "messageId": str(case.handoff_id)}
        message = {"sender": text.sender, "destinations": [destination], "content": {"text": text.body}}
        return post_json(case, options, url, {"messages": [message]}, login)

    return voice(entry, options, call, _read)


def _read(reply: Reply, at: datetime) -> Outcome:
    if 200 <= reply.status < 300 and at_path(json_of(reply), "messages", 0, "status", "groupId") == _REJECTED:
        return refused(reply, "rejected")
    return read_reference(reply, at, "messages", 0, "messageId")
