"""Requests that vendors take: JSON or a form, posted with a credential, over a connection of its own where it must."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import urlencode

import orjson

from adapters.answering.options import AnswerOptions
from adapters.contract import Call, Case
from schemas.base import Json
from schemas.handoff import Repeat

Header = tuple[str, str]


def bearer(token: str) -> Header:
    """RFC 6750."""
    return ("authorization", f"Bearer {token}")


def basic(user: str, password: str) -> Header:
    """RFC 7617."""
    return ("authorization", "Basic " + b64encode(f"{user}:{password}".encode()).decode())


def post_json(case: Case, options: AnswerOptions, url: str, document: Json, *headers: Header) -> Call:
    """A document in JSON."""
    return _post(case, options, url, orjson.dumps(document), "application/json", headers)


def post_form(case: Case, options: AnswerOptions, url: str, fields: dict[str, str], *headers: Header) -> Call:
    """A form, URL-encoded."""
    body = urlencode(fields).encode()
    return _post(case, options, url, body, "application/x-www-form-urlencoded", headers)


def _post(case: Case, options: AnswerOptions, url: str, body: bytes, kind: str, headers: Iterable[Header]) -> Call:
    fresh = options.repeats is Repeat.NEITHER
    everything = (("content-type", kind), ("accept", "application/json"), *headers)
    return Call("POST", url, everything, body, str(case.handoff_id), fresh)
