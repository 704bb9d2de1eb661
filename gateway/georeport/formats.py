"""GeoReport's two formats: XML, and the JSON that mirrors it (the Spark convention: a list of things is an array)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import orjson

MEDIA_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

_ONE_OF = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def written(name: str, value: Mapping[str, Any] | Sequence[Any], fmt: str) -> bytes:
    """The document whose root is called `name`, as `xml` or `json`."""
    if fmt == "json":
        return orjson.dumps(value)
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + "".join(_element(name, value)) + "\n").encode()


def _element(name: str, value: Any) -> Iterator[str]:
    yield f"<{name}>"
    if isinstance(value, Mapping):
        for inner, one in value.items():
            yield from _element(inner, one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _element(_ONE_OF[name], one)
    else:
        yield _text(value)
    yield f"</{name}>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NOT_IN_XML.sub(" ", str(value)), quote=False)
