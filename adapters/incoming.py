"""The values in which a channel's adapter tells what came in, and is told what to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from schemas.report import Attachment, Location, Reporter
from schemas.vocabulary import Classification


@dataclass(frozen=True, slots=True)
class InboundRequest:
    """An HTTP request as it came. Header names are lower case; `body` is untouched, for signatures.

    `url` is the address that the vendor called, which a proxy may have changed on the way. `received_at` is the time
    for adapters that refuse old signatures, aware; None: the age of a signature cannot be told and is not looked at.
    """

    method: str
    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """What the vendor's server is answered."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain"


KEPT = ChannelAnswer(body=b'{"status":"kept"}', media_type="application/json")
"""The answer to a delivery of a vendor that only looks at the status."""


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file whose bytes came with the message."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class TextPart:
    """One part of a text that the network cut: the `number`th of `total`, from 1. `reference` is the same in all."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class ReplyAddress:
    """Where an answer to a message goes, in the channel's own terms.

    `to` is who is answered (a number, a mail address), `sender` the number or address of ours that was written to,
    `thread` what ties the answer to the message (its own id there), `subject` that of a mail, `root` the mail that its
    thread began with, if that is another.
    """

    to: str
    sender: str = ""
    thread: str = ""
    subject: str = ""
    root: str = ""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of a reporter, in the channel's words but in our fields.

    `conversation` tells who is talking (a phone number, say): messages with the same value, close in time, may make
    one report. None: the message stands alone. `follows`: the sender says that it goes on in that conversation (a mail
    in a thread), however late. `raw` is this message as it came. `attachments` must still be fetched,
    `files` are here. `text_part`: this is only a part of a longer text. `reply`: where an answer goes, if one can.
    """

    message_id: str
    content: str
    raw: bytes
    title: str | None = None
    classification: Classification = Classification.UNKNOWN
    category_id: int | None = None
    agency: str | None = None
    location: Location | None = None
    incident_date: date | None = None
    is_anonymous: bool = False
    is_secret: bool = False
    reporter: Reporter | None = None
    conversation: str | None = None
    follows: bool = False
    sent_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    files: tuple[InboundFile, ...] = ()
    text_part: TextPart | None = None
    reply: ReplyAddress | None = None


@dataclass(frozen=True, slots=True)
class DeliveryUpdate:
    """The vendor tells what became of a message that we sent: `sent`, `delivered`, `read` or `failed`."""

    message_id: str
    status: str
    at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An authentic part that the adapter does not understand: parked, never dropped. `reason` holds no identity.

    `to_fetch`: it only names where its words lie; `FetchingChannel.fetch_words` gets them.
    """

    message_id: str | None
    reason: str
    raw: bytes
    to_fetch: bool = False


Inbound = InboundMessage | DeliveryUpdate | Unreadable
