"""The fields of a case that a template may name: their types, and where their values stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from adapters.contract import Case
from adapters.outbound.case_json import TYPES
from schemas.base import Json
from schemas.report import Location, Reporter
from schemas.vocabulary import CLASSIFICATION_NAMES

Type = Literal["text", "number", "flag", "date", "time", "list", "any"]

IDENTITY = "reporter."
"""What begins so tells who reports."""
PARAMETER = "parameters."
"""What begins so is a parameter of the route, by its name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The case with what only its destination's adapter knows of it: its own reference, and the lists in its words."""

    case: Case
    prior_reference: str | None = None
    lists: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `value` is None where the case has none."""

    type: Type
    value: Callable[[Subject], Json]


def _of_location(name: str) -> Callable[[Subject], Json]:
    def value(subject: Subject) -> Json:
        location = subject.case.report.location
        return None if location is None else getattr(location, name)

    return value


def _of_reporter(name: str) -> Callable[[Subject], Json]:
    def value(subject: Subject) -> Json:
        case = subject.case
        return None if case.reporter is None or case.report.is_anonymous else getattr(case.reporter, name)

    return value


def _of_report(name: str) -> Callable[[Subject], Json]:
    return lambda subject: getattr(subject.case.report, name)


def _list(name: str) -> Callable[[Subject], Json]:
    return lambda subject: (subject.lists or {}).get(name)


def _texts(subject: Subject) -> str:
    return "\n\n".join(message.text for message in subject.case.messages if message.text)


FIELDS: dict[str, Field] = {
    "tracking_code": Field("text", lambda subject: subject.case.tracking_code),
    "report_id": Field("text", lambda subject: str(subject.case.report_id)),
    "handoff_id": Field("text", lambda subject: str(subject.case.handoff_id)),
    "type": Field("text", lambda subject: TYPES[subject.case.kind]),
    "channel": Field("text", lambda subject: subject.case.channel),
    "accepted_at": Field("time", lambda subject: subject.case.accepted_at),
    "prior_reference": Field("text", lambda subject: subject.prior_reference),
    "message.text": Field("text", _texts),
    "message.received_at": Field(
        "time", lambda subject: max((m.received_at for m in subject.case.messages), default=None)
    ),
    "messages": Field("list", _list("messages")),
    "report.title": Field("text", _of_report("title")),
    "report.content": Field("text", _of_report("content")),
    "report.classification": Field("text", lambda subject: subject.case.report.classification.value),
    "report.classification_name": Field(
        "text", lambda subject: CLASSIFICATION_NAMES[subject.case.report.classification]
    ),
    "report.category_id": Field("number", _of_report("category_id")),
    "report.agency": Field("text", _of_report("agency")),
    "report.incident_date": Field("date", _of_report("incident_date")),
    "report.is_anonymous": Field("flag", _of_report("is_anonymous")),
    "report.is_secret": Field("flag", _of_report("is_secret")),
    "report.is_priority": Field("flag", _of_report("is_priority")),
    "report.tags": Field("list", lambda subject: list(subject.case.report.tags)),
    "report.attachments": Field("list", _list("attachments")),
    **{
        f"report.location.{name}": Field("number" if name in ("latitude", "longitude") else "text", _of_location(name))
        for name in Location.model_fields
    },
    **{f"{IDENTITY}{name}": Field("text", _of_reporter(name)) for name in Reporter.model_fields},
}


def field_of(name: str) -> Field | None:
    """The field of a name, or None when there is no such field."""
    if name.startswith(PARAMETER) and len(name) > len(PARAMETER):
        key = name.removeprefix(PARAMETER)
        return Field("any", lambda subject: subject.case.parameters.get(key))
    return FIELDS.get(name)
