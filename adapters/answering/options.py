"""What the options of any channel may say about answering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from adapters.contract import ChannelEntry
from schemas.errors import Misconfigured
from schemas.handoff import Repeat

T = TypeVar("T", bound="AnswerOptions")


def _whole(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("must be a whole address, such as https://api.example.com")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_whole)]


class AnswerOptions(BaseModel):
    """Tolerant of others: a channel's options also hold those of its inbound half.

    `answers`: whether the channel answers at all. `repeat`: what is done with a message that may have arrived: it waits
    for a person, or is sent again, so that a few are read twice. `languages`: Indonesian alone, or English below it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    answers: bool = False
    repeat: Literal["neither", "resend"] = "neither"
    languages: Literal["id", "id_en"] = "id_en"
    private_hosts: tuple[str, ...] = ()

    @property
    def repeats(self) -> Repeat:
        """What sending a message again does, as this channel wants it taken."""
        return Repeat.HARMLESS if self.repeat == "resend" else Repeat.NEITHER


class SmsOptions(AnswerOptions):
    """`sender` is the number or name that texts come from where a report does not say which was written to.

    `most_parts` is how many parts a text may take; texts are in Indonesian alone unless `languages` says otherwise.
    """

    languages: Literal["id", "id_en"] = "id"
    sender: str = ""
    most_parts: Annotated[int, Field(ge=1, le=3)] = 3


class MailOptions(AnswerOptions):
    """`sender` is the address that mails come from where a report does not say which was written to."""

    sender: str = ""


def read_options(kind: type[T], entry: ChannelEntry) -> T:
    """The options of a channel. Raises Misconfigured naming each that is wrong."""
    try:
        return kind.model_validate(dict(entry.options))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise Misconfigured(f"the options of channel {entry.name} cannot be used", problems) from error


def needed(secrets: Mapping[str, str], name: str, channel: str) -> str:
    """A secret that answering needs. Raises Misconfigured without it."""
    value = secrets.get(name, "")
    if not value or not value.isascii() or not value.isprintable():
        raise Misconfigured(f"channel {channel} cannot answer without a usable secret {name}")
    return value
