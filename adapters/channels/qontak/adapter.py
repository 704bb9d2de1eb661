"""Qontak: a WhatsApp provider whose webhook posts each message of a room as JSON, unsigned.

https://docs.qontak.com/docs/omnichannel-hub/ (message interactions)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from adapters.channels.qontak.answering import answering
from adapters.contract import (
    KEPT,
    ChannelAnswer,
    ChannelEntry,
    Destination,
    Inbound,
    InboundMessage,
    InboundRequest,
    ReplyAddress,
    Take,
    Unreadable,
)
from adapters.inbound.authentic import require_token
from adapters.inbound.documents import canonical, inner, iso_time, read_object, token, word
from adapters.inbound.download import download
from adapters.inbound.links import linked_file
from adapters.inbound.people import phone_of, reporter_of
from schemas.base import Json
from schemas.errors import BadInput
from schemas.report import Attachment

_EVENT = "message_interaction"
_FROM_CUSTOMER = "receive_message_from_customer"
_NOT_FROM_CUSTOMERS = frozenset({"receive_message_from_agent", "status_message", "broadcast_log_status"})
_CUSTOMER = "customer"
_VERIFY = "verify_info"


class QontakChannel:
    """The adapter of channels of the kind `qontak`.

    Options: `private_hosts` (hosts of files that may be inside and need no https).
    """

    kind = "qontak"
    secret_names: tuple[str, ...] = ("token",)
    optional_secrets: tuple[str, ...] = ("access_token",)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """`verify_info` sent back, which Qontak asks for once (observed in one published integration)."""
        asked = _asked(request)
        if asked is None:
            return None
        require_token(request, secrets)
        return ChannelAnswer(body=orjson.dumps({_VERIFY: asked}), media_type="application/json")

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check the secret token of the address. Raises BadSignature."""
        require_token(request, secrets)

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one message of the body, if a customer sent it. Raises Malformed when it is no JSON object."""
        document = read_object(request.body)
        raw = canonical(document) or request.body
        event = word(document.get("data_event"))
        if event in _NOT_FROM_CUSTOMERS:
            return []
        if document.get("webhook_event") != _EVENT or event != _FROM_CUSTOMER:
            return [Unreadable(None, f"event_{token(event)}", raw)]
        role = word(inner(document, "sender").get("participant_type")) or word(document.get("participant_type"))
        if role and role != _CUSTOMER:
            return []
        return [_message(document, raw)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Give the bytes of a file. Raises Busy when another try may help, NotFound or TooLarge when not."""
        await download(attachment, options, take)

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


def _asked(request: InboundRequest) -> str | None:
    if _VERIFY in request.query:
        return request.query[_VERIFY]
    if _VERIFY.encode() not in request.body:
        return None
    try:
        document = read_object(request.body)
    except BadInput:
        return None
    return word(document.get(_VERIFY)) if _VERIFY in document and "data_event" not in document else None


def _message(document: Mapping[str, Json], raw: bytes) -> Inbound:
    identity, room, sender = word(document.get("id")), inner(document, "room"), inner(document, "sender")
    if not identity:
        return Unreadable(None, "message_without_id", raw)
    content, file = word(document.get("text")), _file(document)
    if not content and file is None:
        return Unreadable(identity, f"message_empty_{token(document.get('type'))}", raw)
    return InboundMessage(
        message_id=identity,
        content=content,
        raw=raw,
        reporter=reporter_of(name=word(sender.get("name")), phone=phone_of(word(room.get("account_uniq_id")))),
        conversation=word(room.get("id")) or word(document.get("sender_id")) or None,
        sent_at=iso_time(document.get("created_at")),
        attachments=(file,) if file else (),
        reply=ReplyAddress(word(room.get("id"))) if word(room.get("id")) else None,
    )


def _file(document: Mapping[str, Json]) -> Attachment | None:
    for name in ("file", "attachment"):
        found = inner(document, name)
        if url := word(found.get("url")):
            return linked_file(url, name=word(found.get("filename")), media_type=word(found.get("content_type")))
    return None


ADAPTER = QontakChannel()
