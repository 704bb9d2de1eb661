"""The body of a request in the shape that a destination wants: JSON or a form, a template for each kind of handoff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import orjson
from pydantic import Field

from adapters.outbound.case_json import TYPES
from adapters.outbound.fields import Subject
from adapters.outbound.filters import text_of
from adapters.outbound.template import Node, Place, Problem, Reader, fill
from schemas.base import Json, Schema
from schemas.errors import Misconfigured
from schemas.handoff import HandoffKind

CONTENT_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class Payload(Schema):
    """How an entry writes it. A kind of handoff without a skeleton is not taken by the destination."""

    type: Literal["json", "form"] = "json"
    missing: Literal["null", "omit"] = Field(default="null", description="What stands where a value is missing")
    zone: Literal["WIB", "WITA", "WIT", "UTC"] = Field(default="WIB", description="The zone of `date`")
    tables: dict[str, dict[str, Json]] = Field(default={}, description="For the filter `map`")
    report: Json = Field(description="The skeleton of a report")
    addition: Json = Field(default=None, description="That of a later message")
    withdrawal: Json = Field(default=None, description="That of a withdrawal")


@dataclass(frozen=True, slots=True)
class Shape:
    """The templates of a destination, read."""

    content_type: str
    is_form: bool
    skeletons: dict[HandoffKind, Node]

    def takes(self, kind: HandoffKind) -> bool:
        """Whether there is a skeleton for this kind of handoff."""
        return kind in self.skeletons

    def body(self, subject: Subject) -> bytes:
        """The body of a case: the same case, the same bytes. Raises KeyError for a kind that is not taken."""
        filled = fill(self.skeletons[subject.case.kind], subject)
        return urlencode(_pairs(filled)).encode() if self.is_form else orjson.dumps(filled)


def read_payload(payload: Payload, *, identity: bool, place: Place = ()) -> tuple[Shape, list[Problem]]:
    """The templates, and what is wrong with them, each with the way to its place."""
    reader = Reader(payload.tables, payload.zone, payload.missing, identity=identity)
    skeletons: dict[HandoffKind, Node] = {}
    for kind in TYPES:
        written = getattr(payload, kind.value)
        if written is None and kind is not HandoffKind.REPORT:
            continue
        skeletons[kind] = reader.read(written, (*place, kind.value))
        reader.problems += _misshapen(payload, written, (*place, kind.value))
    return Shape(CONTENT_TYPES[payload.type], payload.type == "form", skeletons), reader.problems


def shape_of(payload: Payload, name: str) -> Shape:
    """The templates of an entry that was examined before. Raises Misconfigured."""
    shape, problems = read_payload(payload, identity=True, place=("destinations", name, "options", "payload"))
    if problems:
        told = [f"{'.'.join(map(str, place))}: {text}" for place, text in problems]
        raise Misconfigured(f"the payload of {name} cannot be used", told)
    return shape


def _misshapen(payload: Payload, written: Json, place: Place) -> list[Problem]:
    if not isinstance(written, dict) or not written:
        return [(place, "must be a mapping with at least one field")]
    if payload.type == "json":
        return []
    return [
        ((*place, name), "a form is flat: write a text, or a list of texts")
        for name, value in written.items()
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict | list) for one in value))
    ]


def _pairs(filled: dict[str, Json]) -> list[tuple[str, str]]:
    """The fields of a form; null is an empty field, a list a field for each of its values."""
    values = ((name, value if isinstance(value, list) else [value]) for name, value in filled.items())
    return [(name, "" if one is None else _text(one)) for name, several in values for one in several]


def _text(value: Json) -> str:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else text_of(value)
