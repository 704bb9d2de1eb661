"""What an entry of the kind `open311` may say, and what of it does not fit together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from adapters.contract import Circumstances, DestinationEntry, EntryProblem
from adapters.outbound.answers import Rules
from adapters.outbound.template import Node, Problem, Reader
from schemas.base import Schema
from schemas.handoff import Repeat

Code = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]
Page = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+\{service_request_id\}[!-~]*$", max_length=1024)]


class Options(Schema):
    """How one server takes service requests."""

    service_code: Code = Field(description="For reports whose category and class `service_codes` does not name")
    service_codes: dict[str, Code] = Field(
        default={},
        description="The server's code of a category id or of a class of LAPOR!; the category is looked at first",
    )
    format: Literal["json", "xml"] = Field(default="json", description="Of the answers; what is sent is a form")
    jurisdiction_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    attributes: dict[Code, str] = Field(
        default={}, description="`attribute[code]` by templates; missing ones are left out"
    )
    fallback_address: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = Field(
        default=None, description="`address_string` of reports without a place; without it these are refused"
    )
    media_url: str | None = Field(
        default=None, description="A template of where the photos of a public report are shown"
    )
    repeat: Literal[Repeat.DEDUPES, Repeat.NEITHER] = Field(
        default=Repeat.NEITHER, description="What a second sending of the same Idempotency-Key does there"
    )
    token_delay: float = Field(default=60.0, ge=0, le=86_400, description="Seconds between two questions about a token")
    updates: bool = Field(default=False, description="Whether the server has FixMyStreet's /servicerequestupdates")
    answers: Rules = Field(default=Rules(), description="What answers mean here that are not what they seem")
    statuses: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=120)]] = Field(
        default={}, description="What the server's own words of status mean, in LAPOR!'s names; words in small letters"
    )
    public_url: Page | None = Field(default=None, description="The page of a request, with {service_request_id}")


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of an entry, read."""

    attributes: dict[str, Node]
    media_url: Node


def read_templates(options: Options, *, identity: bool) -> tuple[Templates, list[Problem]]:
    """The templates, and what is wrong with them, each with the way to its place in the options."""
    reader = Reader({}, "WIB", "omit", identity=identity)
    attributes = {code: reader.read(text, ("attributes", code)) for code, text in options.attributes.items()}
    return Templates(attributes, reader.read(options.media_url, ("media_url",))), reader.problems


def examine(entry: DestinationEntry, around: Circumstances) -> Sequence[EntryProblem]:
    """Every problem of an entry, with its place."""
    options = entry.options
    return [*_problems(options, around)] if isinstance(options, Options) else []


def _problems(options: Options, around: Circumstances) -> Iterator[EntryProblem]:
    _, found = read_templates(options, identity=around.identity)
    yield from (EntryProblem(("options", *place), text) for place, text in found)
