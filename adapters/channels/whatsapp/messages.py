"""Each type of WhatsApp message, read into our fields: one row of the table for each type.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from adapters.channels.whatsapp import shapes
from adapters.channels.whatsapp.flow import read_flow
from adapters.channels.whatsapp.shapes import CarriesNothing
from adapters.contract import InboundMessage
from schemas.base import Json
from schemas.report import Attachment, Location

_cards = TypeAdapter(tuple[shapes.Card, ...])
_TOKEN = re.compile(r"[a-z][a-z_]{0,39}")
_HEXADECIMAL = re.compile(r"[0-9a-f]{64}")
_CORRECTION = "Ralat: "
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "application/pdf": ".pdf",
}

_Reader = Callable[[InboundMessage, Json], InboundMessage]


def read_message(message: Mapping[str, Json], base: InboundMessage) -> InboundMessage:
    """`base` (who, when, as it came) with what the message says. Raises CarriesNothing with the reason."""
    kind = token(message.get("type"))
    if kind == "edit":
        return _edited(base, message.get("edit"))
    return _read(kind, message, base)


def token(value: Json) -> str:
    """A vendor's word if it is one plain word, else `unknown`: reasons are shown and logged."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else "unknown"


def _read(kind: str, message: Mapping[str, Json], base: InboundMessage) -> InboundMessage:
    reader = _READERS.get(kind)
    if reader is None:
        raise CarriesNothing(_why_not(kind, message))
    try:
        read = reader(base, message.get(kind))
    except ValidationError:
        raise CarriesNothing(f"{kind}_incomplete") from None
    if not (read.content.strip() or read.title or read.location or read.attachments):
        raise CarriesNothing(f"{kind}_empty")
    return read


def _why_not(kind: str, message: Mapping[str, Json]) -> str:
    """`reaction`, `system_user_changed_number`, `unsupported_poll_creation`."""
    detail = message.get(kind)
    named = token(detail.get("type")) if isinstance(detail, dict) else "unknown"
    return kind if named == "unknown" else f"{kind}_{named}"


def _text(base: InboundMessage, payload: Json) -> InboundMessage:
    return replace(base, content=shapes.Text.model_validate(payload).body)


def _media(kind: str) -> _Reader:
    def read(base: InboundMessage, payload: Json) -> InboundMessage:
        media = shapes.Media.model_validate(payload)
        media_type = (media.mime_type or "application/octet-stream").partition(";")[0].strip()
        name = media.filename or f"{kind}-{media.id}{_EXTENSIONS.get(media_type, '')}"
        return replace(
            base,
            content=media.caption or "",
            attachments=(attachment(media.id, name, media_type, media.sha256),),
        )

    return read


def attachment(media_id: str, name: str, media_type: str, digest: str | None) -> Attachment:
    """A file to be fetched later. A digest that cannot be read is left out: fetching checks WhatsApp's other one."""
    return Attachment(name=name[:255], media_type=media_type[:255], source=media_id, sha256=hexadecimal(digest))


def hexadecimal(digest: str | None) -> str | None:
    """A SHA-256 in base64 or in hexadecimal, as hexadecimal; None for anything else."""
    if not digest:
        return None
    if _HEXADECIMAL.fullmatch(digest.lower()):
        return digest.lower()
    try:
        decoded = base64.b64decode(digest, validate=True)
    except ValueError:
        return None
    return decoded.hex() if len(decoded) == 32 else None


def _location(base: InboundMessage, payload: Json) -> InboundMessage:
    place = shapes.Place.model_validate(payload)
    address = ", ".join(dict.fromkeys(part for part in (place.name, place.address) if part))
    location = Location(latitude=place.latitude, longitude=place.longitude, address=address[:1000] or None)
    return replace(base, location=location)


def _interactive(base: InboundMessage, payload: Json) -> InboundMessage:
    kind = token(payload.get("type")) if isinstance(payload, dict) else "unknown"
    if kind == "nfm_reply":
        return read_flow(base, shapes.FlowReply.model_validate(payload.get(kind)).response_json, attachment)
    if kind not in ("button_reply", "list_reply"):
        raise CarriesNothing(f"interactive_{kind}")
    choice = shapes.Choice.model_validate(payload.get(kind))
    return replace(base, content="\n".join(part for part in (choice.title, choice.description) if part))


def _button(base: InboundMessage, payload: Json) -> InboundMessage:
    return replace(base, content=shapes.QuickReply.model_validate(payload).text)


def _contacts(base: InboundMessage, payload: Json) -> InboundMessage:
    """Shared contact cards as text: they are given as part of the story, like a number typed into it."""
    lines = []
    for card in _cards.validate_python(payload):
        numbers = (phone.phone or phone.wa_id for phone in card.phones)
        parts = (card.name.formatted_name, *numbers, *(email.email for email in card.emails))
        lines.append(", ".join(part for part in parts if part))
    return replace(base, content="\n".join(f"Kontak: {line}" for line in lines if line))


def _order(base: InboundMessage, payload: Json) -> InboundMessage:
    return replace(base, content=shapes.Order.model_validate(payload).text or "")


def _edited(base: InboundMessage, payload: Json) -> InboundMessage:
    """The new text as a message of its own: the old one may have gone out already. Its file came with the old one.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/edit
    """
    inner = payload.get("message") if isinstance(payload, dict) else None
    if not isinstance(inner, dict):
        raise CarriesNothing("edit_incomplete")
    corrected = _read(token(inner.get("type")), inner, base)
    if not corrected.content:
        raise CarriesNothing("edit_without_text")
    return replace(corrected, content=_CORRECTION + corrected.content, attachments=())


_READERS: Mapping[str, _Reader] = {
    "text": _text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "document": _media("document"),
    "sticker": _media("sticker"),
    "location": _location,
    "interactive": _interactive,
    "button": _button,
    "contacts": _contacts,
    "order": _order,
}
