"""Vendors' JSON, read as far as it can be read and kept in one spelling."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

import orjson

from schemas.base import Json
from schemas.errors import Malformed

_TOKEN = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_document(body: bytes) -> Json:
    """The JSON value of a body, mended where half an emoji or a broken character makes it invalid. Raises Malformed."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _mended(body)


def read_object(body: bytes) -> dict[str, Json]:
    """The JSON object of a body. Raises Malformed when it is none."""
    document = read_document(body)
    if not isinstance(document, dict):
        raise Malformed("the body is no JSON object")
    return document


def _mended(body: bytes) -> Json:
    """JSON with half an emoji or a broken character somewhere: one name must not cost everybody's reports."""
    try:
        loaded = json.loads(body.decode("utf-8", "replace"), parse_constant=lambda _: None)
        text = json.dumps(loaded, ensure_ascii=False)
        return orjson.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON") from None


def canonical(value: Json) -> bytes | None:
    """The value in one spelling, the same whenever it is delivered again; None if it is nested too deeply."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return None


def digest_of(*parts: str) -> str:
    """An id for a message that its vendor gave none: the same whenever the same parts come again."""
    return sha256(orjson.dumps(parts)).hexdigest()


def token(value: Json) -> str:
    """A vendor's word if it is one plain word, else `unknown`: reasons are shown and logged."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else "unknown"


def word(value: Json) -> str:
    """A text without the white space around it, a whole number as text; empty for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def inner(value: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """The object under a name; an empty one for anything else."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def unix_time(value: Json) -> datetime | None:
    """Seconds since 1970, as text or number; None for anything else."""
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def iso_time(value: Json, *, naive_is_utc: bool = False) -> datetime | None:
    """A time in ISO 8601. One without a zone is None, unless its vendor says that it is UTC."""
    try:
        time = datetime.fromisoformat(word(value))
    except ValueError:
        return None
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC) if naive_is_utc else None
    return time
