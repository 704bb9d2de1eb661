"""Reading JSON of unknown shape without ever failing: what is not as expected is nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any, Final

import orjson

UNREADABLE: Final = object()
"""No JSON at all, as opposed to JSON `null`."""

_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"[0-9]{1,18}")
_IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FAILED = ("error", "errors", "fail", "failed", "failure", "gagal", "false")


def parsed(body: bytes) -> Any:
    """The JSON of some bytes, or UNREADABLE."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return UNREADABLE


def as_object(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_number(value: Any) -> int | None:
    """A number that is not negative, also when it is written as a text."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def as_identity(value: Any) -> str | None:
    """An id as a text that is safe in an address; 0 is none."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    usable = isinstance(text, str) and _IDENTITY.fullmatch(text) is not None and text != "0"
    return text if usable else None


def plain_text(text: str) -> str:
    """A text without markup, its white space made single."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def states_error(body: dict[str, Any]) -> bool:
    """Whether an answer says itself that something went wrong."""
    status = body.get("status")
    said = status.lower() in _FAILED if isinstance(status, str) else status is False
    numbered = (as_number(status) or 0) >= 400
    return said or numbered or body.get("success") is False or bool(body.get("errors")) or bool(body.get("error"))


def names_fields(body: dict[str, Any], sent: Iterable[str]) -> bool:
    """Whether an answer complains about fields of the request, and about nothing else: it was read and turned away."""
    errors = body.get("errors")
    if not isinstance(errors, dict) or not errors or body.get("success") is True:
        return False
    return {str(name).partition(".")[0] for name in errors} <= set(sent)
