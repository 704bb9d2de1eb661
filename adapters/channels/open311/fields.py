"""The fields of an Open311 form: read strictly, kept without the key, named in errors by the specification's names."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from adapters.contract import InboundFile, InboundRequest
from adapters.inbound.documents import digest_of
from adapters.inbound.forms import read_form, url_encoded_fields
from schemas.errors import Invalid, Malformed, TooLarge
from schemas.report import ATTACHMENT_LIMIT

MOST_FILES = 10

_YES = frozenset({"1", "true", "yes", "ya", "on"})
_KEY = "api_key"
_ID = "message_id"
_FILES = "_files"
_PHOTO = "media_url"
_BROKEN = ("\0", "\ufffd")


@dataclass(frozen=True, slots=True)
class Fields:
    """The form. `raw` is what is kept of it: JSON in one spelling, with the message's id and without the key."""

    message_id: str
    raw: bytes
    values: Mapping[str, str]
    files: tuple[InboundFile, ...]

    def text(self, name: str) -> str:
        """A field without the white space around it; empty when it is absent, which means the same."""
        return self.values.get(name, "").strip()

    def first(self, *names: str) -> str:
        """The first of the fields that is not empty."""
        return next((text for name in names if (text := self.text(name))), "")

    def flag(self, *names: str) -> bool:
        """Whether one of the fields says yes."""
        return any(self.text(name).lower() in _YES for name in names)

    def number(self, name: str, most: float) -> float | None:
        """A number between -most and most, or None when the field is empty. Raises Invalid for anything else."""
        text = self.text(name)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not abs(value) <= most:
            raise Invalid(f"`{name}` must be a number between -{most:g} and {most:g}")
        return value


def read_fields(request: InboundRequest, message_id: str) -> Fields:
    """The form of a request. Raises Malformed, Invalid or TooLarge."""
    form = read_form(request)
    values = {name: form.text(name) for name in form.values if name != _KEY}
    if links := " ".join(_links(request)):
        values[_PHOTO] = links
    if any(sign in text for pair in values.items() for text in pair for sign in _BROKEN):
        raise Malformed("a field is not valid UTF-8 text, or holds a NUL character; send UTF-8")
    files = tuple(_usable(file) for file in form.files.values() if file.content)
    if len(files) > MOST_FILES:
        raise Invalid(f"a request may carry {MOST_FILES} files; send the others as an update")
    identity = message_id or values.get(_ID) or digest_of(form.raw(_KEY).decode())
    values[_ID] = identity
    return Fields(identity, _kept(values, form.raw()), values, files)


def _links(request: InboundRequest) -> Iterator[str]:
    """Every `media_url`, also where an URL-encoded form has several."""
    if not request.headers.get("content-type", "").lower().startswith("application/x-www-form-urlencoded"):
        return
    for name, value in url_encoded_fields(request.body):
        if name.removesuffix("[]") == _PHOTO:
            yield value.strip()


def _usable(file: InboundFile) -> InboundFile:
    if len(file.content) > ATTACHMENT_LIMIT:
        raise TooLarge(f"a file is larger than {ATTACHMENT_LIMIT // 1024**2} MB; send a smaller one")
    return file


def _kept(values: Mapping[str, str], whole: bytes) -> bytes:
    """The fields with the digests of the files, which are kept beside them."""
    digests = orjson.loads(whole).get(_FILES)
    return orjson.dumps({**values, **({_FILES: digests} if digests else {})}, option=orjson.OPT_SORT_KEYS)
