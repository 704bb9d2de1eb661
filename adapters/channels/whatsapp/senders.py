"""Who sent a WhatsApp message.

A user with a username may write without a phone number: `from` is then empty or missing, and `from_user_id` (a
business-scoped user id such as `ID.13491208655302741918`) says who it is.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.base import Json
from schemas.report import Reporter

_NAME_LIMIT = 255


@dataclass(frozen=True, slots=True)
class Sender:
    """Who is talking. `conversation` is None only when WhatsApp does not say."""

    conversation: str | None
    reporter: Reporter | None
    contacts: tuple[dict[str, Json], ...]
    """What came with the message about its sender, and about nobody else."""
    answered: str
    """Whom an answer goes to, a number or a user's id; empty for a message in a group."""


def sender_of(message: Mapping[str, Json], contacts: list[Json]) -> Sender:
    """The sender of a message, with the name from the contacts that came with it. Survives any values."""
    number, user = _word(message.get("from")), _word(message.get("from_user_id"))
    contact = _contact(number, user, [one for one in contacts if isinstance(one, dict)])
    number = number or _word(contact.get("wa_id"))
    talker = number or user or _word(contact.get("user_id"))
    group = _word(message.get("group_id"))
    reporter = Reporter(name=_name(contact), phone=f"+{number}" if number.isdecimal() and len(number) <= 20 else None)
    return Sender(
        conversation=f"{group}/{talker}" if group and talker else talker or None,
        reporter=reporter if reporter != Reporter() else None,
        contacts=(contact,) if contact else (),
        answered="" if group else talker,
    )


def _contact(number: str, user: str, contacts: list[dict[str, Json]]) -> dict[str, Json]:
    for contact in contacts:
        if number and _word(contact.get("wa_id")) == number:
            return contact
        if user and _word(contact.get("user_id")) == user:
            return contact
    # A user's id and phone number may differ, so a single contact belongs to whoever wrote.
    return contacts[0] if len(contacts) == 1 else {}


def _name(contact: Mapping[str, Json]) -> str | None:
    profile = contact.get("profile")
    return _word(profile.get("name"))[:_NAME_LIMIT] or None if isinstance(profile, dict) else None


def _word(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""
