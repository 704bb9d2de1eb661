"""Fonnte: WhatsApp messages as JSON or as a form. They are not signed, so the address holds a secret token.

https://docs.fonnte.com/webhook-reply-message/
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from adapters.channels.fonnte.answering import answering
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
from adapters.inbound.documents import digest_of, unix_time
from adapters.inbound.download import download
from adapters.inbound.forms import Form, read_form
from adapters.inbound.links import linked_file
from adapters.inbound.people import phone_of, reporter_of
from schemas.base import Json
from schemas.report import Attachment, Location

_NO_WORDS = "non-text message"
"""Observed: Fonnte's own words in `message` where a file came without a caption."""
_SECRET = "secret"  # noqa: S105 - the name of a field
_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "pdf": "application/pdf",
}


class FonnteChannel:
    """The adapter of channels of the kind `fonnte`.

    Options: `private_hosts` (hosts of files that may be inside and need no https).
    """

    kind = "fonnte"
    secret_names: tuple[str, ...] = ("token",)
    optional_secrets: tuple[str, ...] = ("device_token",)
    joins_conversations = True
    receipt = KEPT
    takes_get = False

    def handshake(self, request: InboundRequest, secrets: Mapping[str, str]) -> ChannelAnswer | None:
        """None: Fonnte does not verify the address."""
        return None

    def verify(self, request: InboundRequest, secrets: Mapping[str, str]) -> None:
        """Check the secret token of the address. Raises BadSignature."""
        require_token(request, secrets)

    def parse(self, request: InboundRequest) -> Sequence[Inbound]:
        """The one message of the request. Raises Malformed when the body is neither JSON nor a form."""
        form = read_form(request)
        sender = form.text("sender").strip()
        raw = form.raw(_SECRET)
        if not sender:
            return [Unreadable(None, "message_without_sender", raw)]
        identity = _identity(form)
        content, location, file = _words(form), _place(form.text("location")), _file(form)
        if not (content or location or file):
            return [Unreadable(identity, "message_empty", raw)]
        member = form.text("member").strip()
        message = InboundMessage(
            message_id=identity,
            content=content,
            raw=raw,
            location=location,
            reporter=reporter_of(name=form.text("name"), phone=phone_of(member or sender)),
            conversation=f"{sender}/{member}" if member else sender,
            sent_at=unix_time(form.text("timestamp")),
            attachments=(file,) if file else (),
            reply=None if member else ReplyAddress(sender, form.text("device").strip()),
        )
        return [message]

    async def fetch(
        self, attachment: Attachment, secrets: Mapping[str, str], options: Mapping[str, Json], take: Take
    ) -> None:
        """Give the bytes of a file. Raises Busy when another try may help, NotFound or TooLarge when not."""
        await download(attachment, options, take)

    def answering(self, entry: ChannelEntry) -> Destination | None:
        """The channel as a destination of notices. Raises Misconfigured."""
        return answering(entry)


def _identity(form: Form) -> str:
    """Fonnte's own id where its inbox is switched on; else one that is the same whenever this message comes again."""
    given = form.text("inboxid").strip()
    if given and given != "0":
        return given
    return digest_of(*(form.text(name) for name in ("device", "sender", "member", "timestamp", "message", "url")))


def _words(form: Form) -> str:
    """What was written, or the button that was pressed."""
    written = form.text("message").strip()
    return form.text("text").strip() if written in ("", _NO_WORDS) else written


def _place(text: str) -> Location | None:
    """`lat,long`; None for anything else."""
    parts = text.split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    if not (math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return Location(latitude=latitude, longitude=longitude)


def _file(form: Form) -> Attachment | None:
    extension = form.text("extension").strip().lower().removeprefix(".")
    name = form.text("filename").strip()
    if name and extension and not name.lower().endswith(f".{extension}"):
        name = f"{name}.{extension}"
    return linked_file(form.text("url").strip(), name=name, media_type=_TYPES.get(extension, ""))


ADAPTER = FonnteChannel()
