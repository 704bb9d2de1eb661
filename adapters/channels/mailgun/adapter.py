"""Mailgun: mail that a route forwards to an address, parsed, as a form with a signature among its fields.

https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http
https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256

from adapters.channels.mailgun.answering import answering
from adapters.contract import KEPT, ChannelAnswer, ChannelEntry, Destination, Inbound, InboundRequest, Take
from adapters.inbound.authentic import is_stale, same
from adapters.inbound.documents import read_document, word
from adapters.inbound.forms import Form, read_form
from adapters.inbound.mail import Mail, read_mail
from schemas.base import Json
from schemas.errors import BadInput, BadSignature, Malformed, NotFound
from schemas.report import Attachment

LONGEST = timedelta(hours=12)
"""Mailgun tries again for 8 hours; an older signature is somebody else's who saw one."""

_SIGNED_ANEW = ("signature", "timestamp", "token")
_AS_FIELDS = ("Message-Id", "Date", "References", "In-Reply-To", "Auto-Submitted", "Precedence", "Return-Path")


class MailgunChannel:
    """The adapter of channels of the kind `mailgun`."""

    kind = "mailgun"
    secret_names: tuple[str, ...] = ("signing_key",)
    optional_secrets: tuple[str, ...] = ("api_key",)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: Mailgun does not verify the address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check the HMAC-SHA256 over timestamp and token, and the timestamp's age. Raises BadSignature."""
        secret = secrets.get("signing_key", "")
        try:
            form = read_form(request)
        except BadInput:
            raise BadSignature("the request has no fields, so it has no signature") from None
        signed = (form.text("timestamp") + form.text("token")).encode("utf-8", "replace")
        expected = hmac.new(secret.encode(), signed, sha256).hexdigest()
        if not (same(form.text("signature").lower(), expected) and secret and form.text("token")):
            raise BadSignature("the signature does not fit; give the channel Mailgun's HTTP webhook signing key")
        if is_stale(form.text("timestamp"), request.received_at, LONGEST):
            raise BadSignature(f"the signature is older than {LONGEST}; let Mailgun post the mail again")

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one mail of the form. Raises Malformed when the body is no form."""
        form = read_form(request)
        mail = Mail(
            sender=form.text("from") or form.text("sender"),
            subject=form.text("subject"),
            text=form.text("body-plain") or form.text("stripped-text"),
            html=form.text("body-html") or form.text("stripped-html"),
            headers=_headers(form),
            raw=form.raw(*_SIGNED_ANEW),
            receiver=form.text("recipient"),
            files=tuple(form.files[name] for name in sorted(form.files, key=lambda name: (len(name), name))),
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


def _headers(form: Form) -> dict[str, str]:
    """Of `message-headers`, a JSON list of pairs, and of the headers that Mailgun posts as fields too."""
    found: dict[str, str] = {}
    for pair in _list(form.text("message-headers")):
        if isinstance(pair, list) and len(pair) == 2:
            found.setdefault(word(pair[0]).lower(), word(pair[1]))
    for name in _AS_FIELDS:
        if value := form.text(name).strip():
            found.setdefault(name.lower(), value)
    return found


def _list(text: str) -> list[Json]:
    try:
        document = read_document(text.encode())
    except Malformed:
        return []
    return document if isinstance(document, list) else []


ADAPTER = MailgunChannel()
