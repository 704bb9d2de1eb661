"""One POST of WhatsApp, taken apart: entries, changes, messages and statuses, each on its own.

A part that cannot be read never takes the others with it: it becomes Unreadable with its own bytes. What is kept as raw
is a delivery with that one part, so it can be read again by itself. The short-lived links to media are left out of it:
they open the file to whoever holds them, and differ each time the same message is delivered.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from adapters.channels.whatsapp.messages import read_message, token
from adapters.channels.whatsapp.senders import Sender, sender_of
from adapters.channels.whatsapp.shapes import CarriesNothing, Status, VendorError
from adapters.contract import DeliveryUpdate, Inbound, InboundMessage, ReplyAddress, Unreadable
from adapters.inbound.documents import canonical, read_object, unix_time
from schemas.base import Json

_OBJECT = "whatsapp_business_account"
_FIELD = "messages"
_STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
_ABOUT_THE_NUMBER = ("messaging_product", "metadata")


def read_delivery(body: bytes) -> list[Inbound]:
    """Every part of the body, in order. Raises Malformed when it is no JSON object."""
    document = read_object(body)
    entries = document.get("entry")
    if document.get("object") != _OBJECT or not isinstance(entries, list) or not entries:
        return [Unreadable(None, "not_of_whatsapp", body)]
    return [part for entry in entries for part in _entry(entry, body)]


def _entry(entry: Json, body: bytes) -> Iterator[Inbound]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list):
        yield _unreadable("entry_without_changes", entry, body)
        return
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(value, dict):
            yield _unreadable("change_without_value", change, body)
        elif change.get("field") != _FIELD:
            yield _unreadable(f"field_{token(change.get('field'))}", change, body)
        else:
            yield from _value(_Value(value, entry.get("id"), body))


@dataclass(frozen=True, slots=True)
class _Value:
    """The value of one change, with what is around it."""

    value: Mapping[str, Json]
    entry_id: Json
    body: bytes

    def parts(self, name: str) -> list[Json]:
        found = self.value.get(name)
        return found if isinstance(found, list) else [] if found is None else [found]

    def alone(self, name: str, part: Json, contacts: tuple[Json, ...] = ()) -> dict[str, Json]:
        """A delivery with nothing but this part."""
        about = {key: self.value[key] for key in _ABOUT_THE_NUMBER if key in self.value}
        who = {"contacts": list(contacts)} if contacts else {}
        change = {"field": _FIELD, "value": {**about, **who, name: [part]}}
        return {"object": _OBJECT, "entry": [{"id": self.entry_id, "changes": [change]}]}


def _value(held: _Value) -> Iterator[Inbound]:
    parts: list[Inbound] = [_message(held, message) for message in held.parts("messages")]
    parts += (_status(held, status) for status in held.parts("statuses"))
    parts += (_error(held, error) for error in held.parts("errors"))
    yield from parts or [_unreadable("nothing_in_it", held.value, held.body)]


def _message(held: _Value, message: Json) -> Inbound:
    identity = message.get("id") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(identity, str) or not identity:
        return _unreadable("message_without_id", held.alone("messages", message), held.body)
    sender = sender_of(message, held.parts("contacts"))
    raw = _canonical(held.alone("messages", message, sender.contacts))
    if raw is None:
        return Unreadable(identity, "nested_too_deeply", held.body)
    base = InboundMessage(
        message_id=identity,
        content="",
        raw=raw,
        reporter=sender.reporter,
        conversation=sender.conversation,
        sent_at=unix_time(message.get("timestamp")),
        reply=_reply(held, sender, identity),
    )
    try:
        return read_message(message, base)
    except CarriesNothing as nothing:
        return Unreadable(identity, nothing.reason, raw)


def _reply(held: _Value, sender: Sender, identity: str) -> ReplyAddress | None:
    """The way back: to whoever wrote, from the number that was written to. A group is not answered."""
    metadata = held.value.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    if not sender.answered:
        return None
    return ReplyAddress(sender.answered, number if isinstance(number, str) else "", identity)


def _status(held: _Value, status: Json) -> Inbound:
    try:
        shape = Status.model_validate(status)
    except ValidationError:
        return _unreadable("status_incomplete", held.alone("statuses", status), held.body)
    known = _STATUSES.get(shape.status)
    if known is None:
        return _unreadable(f"status_{token(shape.status)}", held.alone("statuses", status), held.body)
    error = str(shape.errors[0].code) if shape.errors else None
    return DeliveryUpdate(shape.id, known, unix_time(shape.timestamp), error)


def _error(held: _Value, error: Json) -> Inbound:
    try:
        reason = f"error_{VendorError.model_validate(error).code}"
    except ValidationError:
        reason = "error_unknown"
    return _unreadable(reason, held.alone("errors", error), held.body)


def _unreadable(reason: str, part: Json, body: bytes) -> Unreadable:
    return Unreadable(None, reason, _canonical(part) or body)


def _canonical(part: Json) -> bytes | None:
    """The part in one spelling, the same whenever it is delivered again; None if it is nested too deeply."""
    return None if canonical(part) is None else canonical(_without_links(part))


def _without_links(part: Json) -> Json:
    if isinstance(part, list):
        return [_without_links(one) for one in part]
    if not isinstance(part, dict):
        return part
    is_media = "mime_type" in part
    return {name: _without_links(one) for name, one in part.items() if not (is_media and name == "url")}
