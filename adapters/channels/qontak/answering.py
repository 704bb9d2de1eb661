"""Answers through Qontak: a text into the room of the conversation, within WhatsApp's window.

https://docs.qontak.com/docs/omnichannel-hub/ (POST /messages/whatsapp/bot)
"""

from __future__ import annotations

from datetime import datetime, timedelta

from adapters.answering.message import OneMessage, Unsendable, address_of, notice_of, read_reference, voice
from adapters.answering.options import Address, AnswerOptions, needed, read_options
from adapters.answering.posting import bearer, post_json
from adapters.answering.wording import worded
from adapters.contract import Call, Case, ChannelEntry, Reply
from schemas.handoff import Outcome

ACCESS_TOKEN = "access_token"  # noqa: S105 - the name of a secret
_WINDOW = timedelta(hours=24) - timedelta(minutes=5)
_PATH = "/api/open/v1/messages/whatsapp/bot"


class QontakOptions(AnswerOptions):
    """`api_url` is where Qontak takes messages."""

    api_url: Address = "https://chat-service.qontak.com"


def answering(entry: ChannelEntry) -> OneMessage | None:
    """The integration as a destination; None when it is not to answer. Raises Misconfigured."""
    options = read_options(QontakOptions, entry)
    if not options.answers:
        return None
    token = needed(entry.secrets, ACCESS_TOKEN, entry.name)

    def call(case: Case, at: datetime) -> Call:
        if case.heard_at is None or at - case.heard_at >= _WINDOW:
            raise Unsendable("outside_window")
        document = {"room_id": address_of(case).to, "type": "text", "text": worded(notice_of(case), options.languages)}
        return post_json(case, options, options.api_url + _PATH, document, bearer(token))

    return voice(entry, options, call, _read)


def _read(reply: Reply, at: datetime) -> Outcome:
    return read_reference(reply, at, "data", "id")
