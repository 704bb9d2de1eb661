"""Answers through WhatsApp's Cloud API: free text within a day of the reporter's last message, a template after it.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints

from adapters.answering.message import (
    Manner,
    OneMessage,
    Unsendable,
    address_of,
    at_path,
    deferred,
    json_of,
    notice_of,
    over_http,
    read_reference,
    refused,
)
from adapters.answering.options import Address, AnswerOptions, needed, read_options
from adapters.answering.wording import worded
from adapters.contract import Call, Case, ChannelEntry, Reply
from schemas.base import Json
from schemas.handoff import Outcome, Repeat

GRAPH_URL = "https://graph.facebook.com/v23.0"
WINDOW = timedelta(hours=24)
"""So long after the reporter's last message free text is delivered."""
_MARGIN = timedelta(minutes=5)
_TEXT_LIMIT = 4096
_PARAMETER_LIMIT = 1024
_NOT_NOW = {130429: "rate_limited", 131056: "pair_rate_limited", 131048: "spam_rate_limited", 80007: "rate_limited"}
_NEVER = {131047: "outside_window", 131026: "undeliverable", 131030: "not_allowed_number", 132001: "no_such_template"}


class Template(BaseModel):
    """A template that Meta has approved, with one parameter in its body: the text on one line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,512}$")]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")] = "id"


class WhatsAppOptions(AnswerOptions):
    """`phone_number_id` is whose messages are sent where a report does not say which number it was written to."""

    graph_url: Address = GRAPH_URL
    phone_number_id: str = ""
    template: Template | None = None


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The channel as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(WhatsAppOptions, entry)
    if not options.answers:
        return None
    token = needed(entry.secrets, "access_token", entry.name)

    def call(case: Case, at: datetime) -> Call:
        return _call(case, at, options, token)

    return OneMessage(entry.name, Manner(call, _read, options.repeats), over_http(options))


def _call(case: Case, at: datetime, options: WhatsAppOptions, token: str) -> Call:
    """The request. Its body is a text or a template, whichever WhatsApp would deliver at that time."""
    address = address_of(case)
    sender = options.phone_number_id or address.sender
    if not sender.isalnum():
        raise Unsendable("no_sender_number")
    recipient = {"to": address.to} if address.to.isdecimal() else {"recipient": address.to}
    document = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient,
        **_what(case, at, options),
    }
    headers = (("content-type", "application/json"), ("authorization", f"Bearer {token}"))
    url = f"{options.graph_url}/{sender}/messages"
    fresh = options.repeats is Repeat.NEITHER
    return Call("POST", url, headers, orjson.dumps(document), str(case.handoff_id), fresh)


def _what(case: Case, at: datetime, options: WhatsAppOptions) -> dict[str, Json]:
    notice = notice_of(case)
    if case.heard_at is not None and at - case.heard_at < WINDOW - _MARGIN:
        return {"type": "text", "text": {"preview_url": False, "body": worded(notice, options.languages)[:_TEXT_LIMIT]}}
    if options.template is None:
        raise Unsendable("outside_window")
    line = " · ".join(notice.text_id.splitlines())  # a parameter takes no line breaks
    body = {"type": "body", "parameters": [{"type": "text", "text": line[:_PARAMETER_LIMIT]}]}
    language = {"code": options.template.language}
    return {
        "type": "template",
        "template": {"name": options.template.name, "language": language, "components": [body]},
    }


def _read(reply: Reply, at: datetime) -> Outcome:
    """The `wamid` is the receipt; Meta's own error numbers say more than the status."""
    code = at_path(json_of(reply), "error", "code") if 400 <= reply.status < 500 else None
    if isinstance(code, int) and code in _NOT_NOW:
        return deferred(reply, _NOT_NOW[code])
    if isinstance(code, int) and code in _NEVER:
        return refused(reply, _NEVER[code])
    return read_reference(reply, at, "messages", 0, "id")
