"""A case as the gateway hands it over, and how it is read from the bytes of a request."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sp4n_gateway_client.errors import Unreadable
from sp4n_gateway_client.fields import Fields

CREATED, ADDED, WITHDRAWN = "case.created", "case.added", "case.withdrawn"
TEST_TAG = "uji-sertifikasi"
"""The tag of a case that the gateway's certification made: nobody is to work on it."""


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. `content` is None where the entry does not send files, or the bytes could not be had."""

    name: str
    media_type: str
    size: int | None
    sha256: str | None
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Location:
    """A place, as far as it is known. `region_code` is Kemendagri's."""

    province: str | None
    regency: str | None
    district: str | None
    village: str | None
    region_code: str | None
    address: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports; only where the ministry is entitled to know."""

    name: str | None
    phone: str | None
    email: str | None
    nik: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported. `is_secret`: do not show it to the public."""

    title: str
    content: str
    classification: str
    classification_name: str
    category_id: int | None
    agency: str | None
    location: Location | None
    incident_date: str | None
    is_anonymous: bool
    is_secret: bool
    is_priority: bool
    tags: tuple[str, ...]
    attachments: tuple[File, ...]
    reporter: Reporter | None
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the reporter. `rating`: 1 to 5 where the reporter rates how the case was dealt with."""

    sequence: int
    received_at: datetime
    text: str
    location: Location | None
    attachments: tuple[File, ...]
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One request: a report, something added to it, or its withdrawal (`type`).

    `id` and `tracking_code` are the report's, the same in all its requests. `prior_reference` is the reference that the
    report was given; None for a new one. In later requests what is new stands in `messages`.
    """

    type: str
    id: str
    tracking_code: str
    channel: str
    accepted_at: datetime
    report: Report
    messages: tuple[Message, ...]
    prior_reference: str | None

    @property
    def is_test(self) -> bool:
        """Whether this is a case of the gateway's certification."""
        return TEST_TAG in self.report.tags


def read_case(body: bytes) -> Case:
    """A case from the raw body. Fields that are not known here are left alone. Raises Unreadable."""
    try:
        return case_of(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the body is not JSON") from error


def case_of(value: object) -> Case:
    """A case from its JSON value. Raises Unreadable."""
    whole = Fields(value)
    kind = whole.text("type")
    if kind not in (CREATED, ADDED, WITHDRAWN):
        raise Unreadable(f"type: {kind!r} is not known here")
    return Case(
        type=kind,
        id=whole.text("id"),
        tracking_code=whole.text("tracking_code"),
        channel=whole.text("channel"),
        accepted_at=whole.time("accepted_at"),
        report=_report(whole.below("case")),
        messages=tuple(_message(one) for one in whole.each("messages")),
        prior_reference=whole.text_or_none("prior_reference"),
    )


def _report(given: Fields) -> Report:
    return Report(
        title=given.text("title"),
        content=given.text("content"),
        classification=given.text("classification"),
        classification_name=given.text("classification_name"),
        category_id=given.whole("category_id"),
        agency=given.text_or_none("agency"),
        location=_location(given.below_or_none("location")),
        incident_date=given.text_or_none("incident_date"),
        is_anonymous=given.flag("is_anonymous"),
        is_secret=given.flag("is_secret"),
        is_priority=given.flag("is_priority"),
        tags=given.texts("tags"),
        attachments=tuple(_file(one) for one in given.each("attachments")),
        reporter=_reporter(given.below_or_none("reporter")),
        parameters=given.whole_object("parameters"),
    )


def _message(given: Fields) -> Message:
    return Message(
        sequence=given.whole("sequence") or 0,
        received_at=given.time("received_at"),
        text=given.text("text"),
        location=_location(given.below_or_none("location")),
        attachments=tuple(_file(one) for one in given.each("attachments")),
        rating=given.whole("rating"),
    )


def _location(given: Fields | None) -> Location | None:
    if given is None:
        return None
    return Location(
        given.text_or_none("province"),
        given.text_or_none("regency"),
        given.text_or_none("district"),
        given.text_or_none("village"),
        given.text_or_none("region_code"),
        given.text_or_none("address"),
        given.number("latitude"),
        given.number("longitude"),
    )


def _reporter(given: Fields | None) -> Reporter | None:
    if given is None:
        return None
    return Reporter(*map(given.text_or_none, ("name", "phone", "email", "nik", "address")))


def _file(given: Fields) -> File:
    encoded = given.text_or_none("content_base64")
    try:
        content = None if encoded is None else base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise Unreadable("content_base64: must be base64") from error
    return File(
        given.text("name"), given.text("media_type"), given.whole("size"), given.text_or_none("sha256"), content
    )
