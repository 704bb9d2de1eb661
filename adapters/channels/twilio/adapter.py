"""Twilio: SMS and MMS as signed forms, media fetched with the account's own credentials.

https://www.twilio.com/docs/messaging/guides/webhook-request
https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha1
from urllib.parse import urlsplit, urlunsplit

from adapters.channels.twilio.answering import answering
from adapters.contract import (
    ChannelAnswer,
    ChannelEntry,
    DeliveryUpdate,
    Destination,
    Inbound,
    InboundRequest,
    Take,
    Unreadable,
)
from adapters.inbound.authentic import same
from adapters.inbound.documents import token
from adapters.inbound.download import Credentials, download
from adapters.inbound.forms import Form, read_form, url_encoded_fields
from adapters.inbound.links import linked_file
from adapters.inbound.sms import Sms, read_sms
from schemas.base import Json
from schemas.errors import BadSignature
from schemas.report import Attachment

SIGNATURE = "x-twilio-signature"

_NOTHING_TO_SAY = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_MOST_FILES = 10  # of one MMS
_PORTS = {"https": 443, "http": 80}
_STATUSES = {
    "accepted": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


class TwilioChannel:
    """The adapter of channels of the kind `twilio`.

    Options: `public_url` (the webhook address as Twilio was given it, where a proxy changes it), `private_hosts` (hosts
    of media that may be inside and need no https).
    """

    kind = "twilio"
    secret_names: tuple[str, ...] = ("auth_token", "account_sid")
    optional_secrets: tuple[str, ...] = ()
    joins_conversations = True
    receipt = ChannelAnswer(body=_NOTHING_TO_SAY, media_type="text/xml")
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: Twilio does not verify the address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check Twilio's HMAC-SHA1 over the address and the sorted fields. Raises BadSignature."""
        secret = secrets.get("auth_token", "")
        given = request.headers.get(SIGNATURE, "")
        fields = "".join(name + value for name, value in sorted(set(url_encoded_fields(request.body))))
        fits = [same(given, _signature(secret, url + fields)) for url in _spellings(request.url)]
        if not (any(fits) and secret):
            raise BadSignature(
                "the signature does not fit; give the channel the auth token of the account that sends here, "
                "and the option public_url if a proxy changes the address"
            )

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one message, or the one status, of the form. Raises Malformed when the body is no form."""
        form = read_form(request)
        status = form.text("MessageStatus")
        if status and "Body" not in form.values:
            return [_status(form, status)]
        sender = form.text("From").removeprefix("whatsapp:")
        sms = Sms(
            message_id=form.text("MessageSid") or form.text("SmsMessageSid"),
            sender=sender,
            text=form.text("Body"),
            raw=form.raw(),
            receiver=form.text("To"),
            answered=form.text("From"),
            attachments=tuple(_media(form)),
        )
        return [read_sms(sms)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Give the bytes of a MediaUrl. Raises Busy when another try may help, NotFound or TooLarge when not."""
        pair = f"{secrets.get('account_sid', '')}:{secrets.get('auth_token', '')}"
        header = ("Authorization", "Basic " + b64encode(pair.encode()).decode())
        await download(attachment, options, take, Credentials("twilio.com", header))

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


def _signature(secret: str, signed: str) -> str:
    return b64encode(hmac.new(secret.encode(), signed.encode("utf-8", "replace"), sha1).digest()).decode()


def _spellings(url: str) -> tuple[str, ...]:
    """The address with and without its port: Twilio signs sometimes one and sometimes the other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return (url,)
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}")
    with_port = parts._replace(netloc=f"{host}:{port or _PORTS.get(parts.scheme, 443)}")
    return tuple(dict.fromkeys((url, urlunsplit(with_port), urlunsplit(parts._replace(netloc=host)))))


def _status(form: Form, status: str) -> Inbound:
    known, message_id = _STATUSES.get(status), form.text("MessageSid")
    if known is None or not message_id:
        return Unreadable(None, f"status_{token(status)}", form.raw())
    return DeliveryUpdate(message_id, known, error=form.text("ErrorCode")[:32] or None)


def _media(form: Form) -> Iterator[Attachment]:
    for number in range(_MOST_FILES):
        url = form.text(f"MediaUrl{number}")
        file = linked_file(url, media_type=form.text(f"MediaContentType{number}")) if url else None
        if file is not None:
            yield file


ADAPTER = TwilioChannel()
