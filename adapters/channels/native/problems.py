"""What is wrong with a report, place by place, in words that say what to do.

Never with the value itself: it may be somebody's identity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from schemas.report import InlineFile, Location, Reporter, ReportSubmission

PROBLEM_LIMIT = 100
"""So many are named; whoever mends these will see the others."""

_FIELD_NAMES = frozenset(
    name for schema in (ReportSubmission, Location, Reporter, InlineFile) for name in schema.model_fields
)
_LIKE_A_NAME = re.compile(r"[a-z][a-z_]{0,39}")  # anything else may be something that somebody wrote
_FORMS = {
    "nik": "must be the 16 digits of a NIK, without spaces",
    "region_code": "must be a Kemendagri code of 2, 4, 6 or 10 digits, with or without dots",
}
_PHRASES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is missing: add it",
    "extra_forbidden": lambda _: "is no field of a report: remove it, or put it into `extra`",
    "string_too_short": lambda ctx: f"is too short: at least {ctx['min_length']} character",
    "string_too_long": lambda ctx: f"is too long: at most {ctx['max_length']} characters",
    "string_type": lambda _: "must be text in quotes",
    "string_unicode": lambda _: "must be text in valid Unicode",
    "enum": lambda ctx: f"must be one of {ctx['expected']}",
    "bool_type": lambda _: "must be true or false",
    "bool_parsing": lambda _: "must be true or false",
    "int_type": lambda _: "must be a whole number",
    "int_parsing": lambda _: "must be a whole number",
    "int_from_float": lambda _: "must be a whole number",
    "int_parsing_size": lambda _: "must be a smaller number",
    "float_type": lambda _: "must be a number",
    "float_parsing": lambda _: "must be a number",
    "finite_number": lambda _: "must be a finite number",
    "greater_than_equal": lambda ctx: f"must be {ctx['ge']:g} or more",
    "less_than_equal": lambda ctx: f"must be {ctx['le']:g} or less",
    "timezone_aware": lambda _: "needs a time zone, such as 2026-01-31T08:00:00+07:00",
    "model_type": lambda _: "must be an object in braces",
    "dict_type": lambda _: "must be an object in braces",
    "tuple_type": lambda _: "must be a list in brackets",
    "too_long": lambda ctx: f"has too many entries: at most {ctx['max_length']}",
    "too_short": lambda ctx: f"has too few entries: at least {ctx['min_length']}",
}
_FAMILIES = {  # types that come in many kinds; the first part of the name is enough
    "date_": "must be a date, such as 2026-01-31",
    "datetime_": "must be a time with its zone, such as 2026-01-31T08:00:00+07:00",
}
_OTHERWISE = "does not have the form that the API's documentation gives"


def problems_of(error: ValidationError) -> list[dict[str, str]]:
    """Place and problem of the first 100: `{"at": "3.location.latitude", "problem": "must be 90 or less"}`."""
    found = error.errors(include_input=False, include_url=False)[:PROBLEM_LIMIT]
    return [{"at": _place(one["loc"]), "problem": _problem(one)} for one in found]


def _problem(error: Mapping[str, Any]) -> str:
    kind, field = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "string_pattern_mismatch":
        return _FORMS.get(str(field), _OTHERWISE)
    phrase = _PHRASES.get(kind)
    if phrase is not None:
        return phrase(error.get("ctx", {}))
    return next((words for prefix, words in _FAMILIES.items() if kind.startswith(prefix)), _OTHERWISE)


def _place(location: tuple[int | str, ...]) -> str:
    """The way to the field: numbers count from 0, `body` is the body itself. An unusual name is not repeated."""
    parts = (
        str(part)
        if isinstance(part, int) or part in _FIELD_NAMES or _LIKE_A_NAME.fullmatch(part)
        else "(unknown field)"
        for part in location
    )
    return ".".join(parts) or "body"
