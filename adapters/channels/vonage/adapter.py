"""Vonage (Nexmo): SMS by GET or POST, as a form or as JSON, each with a signature among its fields.

https://developer.vonage.com/en/messaging/sms/guides/inbound-sms
https://developer.vonage.com/en/getting-started/concepts/signing-messages
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from hashlib import md5

from adapters.channels.vonage.answering import answering
from adapters.contract import (
    KEPT,
    ChannelAnswer,
    ChannelEntry,
    DeliveryUpdate,
    Destination,
    Inbound,
    InboundRequest,
    Take,
    Unreadable,
)
from adapters.inbound.authentic import is_stale, same
from adapters.inbound.documents import iso_time, token
from adapters.inbound.forms import Form, read_form
from adapters.inbound.sms import Sms, part_of, read_sms
from schemas.base import Json
from schemas.errors import BadInput, BadSignature, NotFound
from schemas.report import Attachment

LONGEST = timedelta(hours=30)
"""Vonage sends again for 24 hours whatever was not answered with 200 or 204."""

_SIGNED_ANEW = ("sig", "nonce", "timestamp")
_STATUSES = {
    "accepted": "sent",
    "buffered": "sent",
    "delivered": "delivered",
    "expired": "failed",
    "failed": "failed",
    "rejected": "failed",
}


def _keyed(algorithm: str) -> Callable[[bytes, bytes], str]:
    return lambda secret, signed: hmac.new(secret, signed, algorithm).hexdigest()


_METHODS: Mapping[str, Callable[[bytes, bytes], str]] = {
    "md5hash": lambda secret, signed: md5(signed + secret).hexdigest(),  # noqa: S324 - Vonage's default
    "md5": _keyed("md5"),
    "sha1": _keyed("sha1"),
    "sha256": _keyed("sha256"),
    "sha512": _keyed("sha512"),
}


class VonageChannel:
    """The adapter of channels of the kind `vonage`. Only the `signature_method` of the dashboard is accepted."""

    kind = "vonage"
    secret_names: tuple[str, ...] = ("signature_secret", "signature_method")
    optional_secrets: tuple[str, ...] = ("api_key", "api_secret")
    joins_conversations = True
    receipt = KEPT
    takes_get = True

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: Vonage does not verify the address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check the field `sig` against all other fields, and the age of `timestamp`. Raises BadSignature."""
        method, secret = _METHODS.get(secrets.get("signature_method", "")), secrets.get("signature_secret", "")
        try:
            form = read_form(request)
        except BadInput:
            raise BadSignature("the request has no fields, so it has no signature") from None
        expected = method(secret.encode(), _signed(form)) if method and secret else ""
        if not same(form.text("sig").lower(), expected):
            raise BadSignature(
                "the signature does not fit; give the channel Vonage's signature_secret, and as signature_method "
                f"the algorithm of its dashboard, one of {', '.join(_METHODS)}"
            )
        if is_stale(form.text("timestamp"), request.received_at, LONGEST):
            raise BadSignature(f"the signature is older than {LONGEST}, or has no `timestamp`")

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one message, or the one receipt, of the request. Raises Malformed when it has no fields."""
        form = read_form(request)
        status = form.text("status")
        if status and "text" not in form.values:
            return [_receipt(form, status)]
        raw = form.raw(*_SIGNED_ANEW)
        if form.text("type") == "binary":
            return [Unreadable(form.text("messageId") or None, "message_binary", raw)]
        sms = Sms(
            message_id=form.text("messageId"),
            sender=form.text("msisdn"),
            text=form.text("text"),
            raw=raw,
            receiver=form.text("to"),
            sent_at=iso_time(form.text("message-timestamp"), naive_is_utc=True),
            part=part_of(form.text("concat-ref"), form.text("concat-part"), form.text("concat-total")),
        )
        return [read_sms(sms)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: SMS bring no files."""
        raise NotFound("SMS bring no files; there is nothing to fetch")

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


def _signed(form: Form) -> bytes:
    """`&name=value` of every other field, sorted; `&` and `=` inside a value are signed as `_`."""
    values = ((name, form.text(name).replace("&", "_").replace("=", "_")) for name in sorted(form.values))
    return "".join(f"&{name}={value}" for name, value in values if name != "sig").encode("utf-8", "replace")


def _receipt(form: Form, status: str) -> Inbound:
    known, message_id = _STATUSES.get(status), form.text("messageId")
    if known is None or not message_id:
        return Unreadable(None, f"status_{token(status)}", form.raw(*_SIGNED_ANEW))
    error = form.text("err-code")
    return DeliveryUpdate(message_id, known, error=error[:32] if error.strip("0") else None)


ADAPTER = VonageChannel()
