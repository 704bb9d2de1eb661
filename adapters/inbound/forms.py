"""Forms of vendors: URL-encoded, multipart, or the same fields as a JSON object.

What the gateway keeps of a form is that JSON object, so it can be read again without its headers.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl

import orjson

from adapters.contract import InboundFile, InboundRequest
from adapters.inbound.documents import read_object
from schemas.base import Json
from schemas.errors import Malformed, TooLarge

MOST_FIELDS = 1000
URL_ENCODED_LIMIT = 8 * 1024 * 1024
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*([a-z*]+)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_FILES = "_files"
_SLOW = frozenset({"idna", "punycode"})  # their time grows with the square of the text


@dataclass(frozen=True, slots=True)
class Form:
    """The first value of every field, as bytes in the sender's character set, and the files by their field."""

    values: Mapping[str, bytes]
    files: Mapping[str, InboundFile] = field(default_factory=dict)

    def text(self, name: str, charset: str = "utf-8") -> str:
        """A field as text; empty when there is none."""
        value = self.values.get(name, b"")
        try:
            slow = codecs.lookup(charset).name in _SLOW
            return value.decode("utf-8" if slow else charset, "replace")
        except (LookupError, ValueError):
            return value.decode("utf-8", "replace")

    def raw(self, *without: str) -> bytes:
        """The form as JSON in one spelling, the same whenever it is delivered again; files by their digests."""
        kept: dict[str, Json] = {name: self.text(name) for name in self.values if name not in without}
        if self.files:
            kept[_FILES] = {name: f"sha256:{sha256(file.content).hexdigest()}" for name, file in self.files.items()}
        return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)


def read_form(request: InboundRequest) -> Form:
    """The fields of a request: of the query for a GET, else of the body. Raises Malformed."""
    if request.method == "GET":
        return Form({name: _encoded(value) for name, value in request.query.items()})
    body = request.body
    if body.lstrip(b" \t\r\n")[:1] == b"{":
        return _of_json(body)
    boundary = _boundary(request)
    form = _multipart(body, boundary) if boundary else _url_encoded(body)
    if not form.values and not form.files:
        raise Malformed("the body is no form: it has no fields")
    return form


def url_encoded_fields(body: bytes) -> list[tuple[str, str]]:
    """Every name and value of an URL-encoded body, in order. Raises Malformed or TooLarge.

    Decoding costs half a microsecond a byte, and is done before a signature can be checked: hence the limit.
    """
    if len(body) > URL_ENCODED_LIMIT:
        raise TooLarge(f"the form is larger than {URL_ENCODED_LIMIT} bytes; send files as multipart/form-data")
    try:
        text = body.decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError:
        raise Malformed(f"the form has more than {MOST_FIELDS} fields") from None


def _url_encoded(body: bytes) -> Form:
    values: dict[str, bytes] = {}
    for name, value in url_encoded_fields(body):
        values.setdefault(name, _encoded(value))
    return Form(values)


def _of_json(body: bytes) -> Form:
    fields = {name: value for name, value in read_object(body).items() if value is not None and name != _FILES}
    return Form({name: _flat(value) for name, value in fields.items()})


def _flat(value: Json) -> bytes:
    if isinstance(value, str):
        return _encoded(value)
    try:
        return orjson.dumps(value)
    except TypeError:
        raise Malformed("a field of the form is nested too deeply") from None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _boundary(request: InboundRequest) -> bytes:
    """The boundary between the parts; empty for other bodies."""
    kind = request.headers.get("content-type", "")
    found = _BOUNDARY.search(kind) if kind.lower().startswith("multipart/form-data") else None
    return found[1].strip().encode("utf-8", "replace") if found else b""


def _multipart(body: bytes, boundary: bytes) -> Form:
    """RFC 7578. A part without a name is passed over; a body that breaks off gives the parts before."""
    values: dict[str, bytes] = {}
    files: dict[str, InboundFile] = {}
    for number, (headers, content) in enumerate(_parts(b"\r\n" + body, b"\r\n--" + boundary)):
        if number >= MOST_FIELDS:
            raise Malformed(f"the form has more than {MOST_FIELDS} fields")
        disposition = dict(_PARAMETER.findall(headers.get("content-disposition", "")))
        name = disposition.get("name", "")
        if "filename" in disposition:
            kind = headers.get("content-type", "").partition(";")[0].strip()[:255]
            file = InboundFile(disposition["filename"][:255], kind or "application/octet-stream", content)
            files.setdefault(name, file)
        elif name:
            values.setdefault(name, content)
    return Form(values, files)


def _parts(body: bytes, delimiter: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    start = body.find(delimiter)
    while start >= 0:
        begin = start + len(delimiter)
        end = body.find(delimiter, begin)
        if end < 0:
            return
        head, blank, content = body[begin:end].partition(b"\r\n\r\n")
        if blank:
            lines = (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n"))
            yield {name.strip().lower(): value.strip() for name, _, value in lines if name.strip()}, content
        start = end
