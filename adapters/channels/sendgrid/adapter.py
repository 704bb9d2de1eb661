"""SendGrid: mail taken in by Inbound Parse and posted as a form, signed or to an address with a secret token.

https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/securing-your-parse-webhooks
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from adapters.channels.sendgrid.answering import answering
from adapters.contract import KEPT, ChannelAnswer, ChannelEntry, Destination, Inbound, InboundFile, InboundRequest, Take
from adapters.inbound.authentic import is_stale, require_token
from adapters.inbound.documents import inner, read_document, word
from adapters.inbound.forms import Form, read_form
from adapters.inbound.mail import Mail, headers_of, read_mail
from adapters.inbound.mime import read_mime
from schemas.base import Json
from schemas.errors import BadSignature, Malformed, NotFound
from schemas.report import Attachment

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
LONGEST = timedelta(days=4)
"""SendGrid tries again for three days."""

_NOT_KEPT = ("charsets",)  # what is kept is in UTF-8


class SendGridChannel:
    """The adapter of channels of the kind `sendgrid`.

    `public_key` (of the security policy) and `token` (of the address): either may be empty, and both are checked when
    both are given.
    """

    kind = "sendgrid"
    secret_names: tuple[str, ...] = ("public_key", "token")
    optional_secrets: tuple[str, ...] = ("api_key",)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: SendGrid does not verify the address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check the ECDSA signature over time and body, and the token: whichever is given. Raises BadSignature."""
        key = secrets.get("public_key", "")
        if secrets.get("token") or not key:
            require_token(request, secrets)
        if key:
            _check_signature(request, key)

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one mail of the form. Raises Malformed when the body is no form."""
        untouched = read_form(request)
        form = _in_utf8(untouched)
        raw = form.raw(*_NOT_KEPT)
        if "email" in form.values and "headers" not in form.values:
            whole = read_mime(untouched.values["email"])
            return [read_mail(replace(whole, raw=raw, receiver=form.text("to")))]
        headers = headers_of(form.text("headers"))
        mail = Mail(
            sender=form.text("from"),
            subject=form.text("subject"),
            text=form.text("text"),
            html=form.text("html"),
            headers=headers,
            raw=raw,
            receiver=form.text("to"),
            files=tuple(_files(form)),
        )
        return [read_mail(mail)]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Raises NotFound: the files of a mail come with it."""
        raise NotFound("the files of a mail come with it; there is nothing to fetch")

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


def _check_signature(request: InboundRequest, public_key: str) -> None:
    timestamp = request.headers.get(TIMESTAMP, "")
    wrong = BadSignature("the signature does not fit; give the channel the public key of the parse security policy")
    try:
        key = load_der_public_key(b64decode(public_key, validate=True))
        given = b64decode(request.headers.get(SIGNATURE, ""), validate=True)
        if not isinstance(key, EllipticCurvePublicKey):
            raise wrong
        key.verify(given, timestamp.encode("utf-8", "replace") + request.body, ECDSA(SHA256()))
    except (binascii.Error, ValueError, UnsupportedAlgorithm, InvalidSignature):
        raise wrong from None
    if is_stale(timestamp, request.received_at, LONGEST):
        raise BadSignature(f"the signature is older than {LONGEST}")


def _in_utf8(form: Form) -> Form:
    """Every field in UTF-8: `charsets` tells what some of them are in."""
    charsets = _object(form.text("charsets"))
    values = {
        name: form.text(name, word(charsets.get(name)) or "utf-8").encode("utf-8", "replace") for name in form.values
    }
    return replace(form, values=values)


def _files(form: Form) -> Iterator[InboundFile]:
    """The files in the order of their numbers, named as `attachment-info` says."""
    about = _object(form.text("attachment-info"))
    for field in sorted(form.files, key=lambda name: (len(name), name)):
        told, file = inner(about, field), form.files[field]
        yield replace(
            file,
            name=(word(told.get("filename")) or word(told.get("name")) or file.name)[:255],
            media_type=(word(told.get("type")) or file.media_type).partition(";")[0].strip()[:255],
        )


def _object(text: str) -> Mapping[str, Json]:
    try:
        document = read_document(text.encode())
    except Malformed:
        return {}
    return document if isinstance(document, dict) else {}


ADAPTER = SendGridChannel()
