"""What a template may do to a value: a few named filters, each checked when the gateway starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from adapters.outbound.fields import Type
from schemas.base import Json

ZONES = {"WIB": timezone(timedelta(hours=7)), "WITA": timezone(timedelta(hours=8)), "WIT": timezone(timedelta(hours=9))}
"""Indonesia's zones, which have no summer time; a machine need not carry a table of zones for them."""
ZONES["UTC"] = UTC

_DIRECTIVES = "YmdHMSyjz%"
"""Only those that give the same on every machine and in every language."""

Tables = Mapping[str, Mapping[str, Json]]
Apply = Callable[[Json], Json]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter ready for use. `missing`: it says what stands where the value is missing."""

    apply: Apply
    type: Type
    missing: str | None = None


class Unusable(ValueError):
    """What is written is no filter, or none for such a value; says what to write."""


def filter_of(written: str, type_: Type, tables: Tables, zone: str) -> Filter:
    """The filter of `name` or `name:argument` for a value of a type. Raises Unusable."""
    name, colon, argument = written.partition(":")
    maker = _MAKERS.get(name.strip())
    if maker is None:
        raise Unusable(f"`{name.strip()}` is no filter; write one of: {', '.join(sorted(_MAKERS))}")
    if not colon and name.strip() in _NEED_ARGUMENT:
        raise Unusable(f"`{name.strip()}` needs an argument: {_NEED_ARGUMENT[name.strip()]}")
    if type_ == "list":
        raise Unusable(f"`{name.strip()}` cannot be applied to a list")
    return maker(argument, type_, tables, zone)


def text_of(value: Json) -> str:
    """A value as part of a text. Times that no filter wrote are ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _upper(argument: str, type_: Type, tables: Tables, zone: str) -> Filter:
    return Filter(lambda value: text_of(value).upper(), "text")


def _lower(argument: str, type_: Type, tables: Tables, zone: str) -> Filter:
    return Filter(lambda value: text_of(value).lower(), "text")


def _text(argument: str, type_: Type, tables: Tables, zone: str) -> Filter:
    return Filter(text_of, "text")


def _truncate(argument: str, type_: Type, tables: Tables, zone: str) -> Filter:
    if not re.fullmatch(r"[1-9][0-9]{0,5}", argument.strip()):
        raise Unusable("`truncate` needs a number of characters, such as truncate:255")
    limit = int(argument)

    def cut(value: Json) -> Json:
        text = text_of(value)
        return text if len(text) <= limit else text[: limit - 1] + "…"

    return Filter(cut, "text")


def _default(argument: str, type_: Type, tables: Tables, zone: str) -> Filter:
    return Filter(lambda value: value, type_, missing=argument)


def _map(argument: str, type_: Type, tables: Tables, zone: str) -> Filter:
    table = tables.get(argument.strip())
    if table is None:
        raise Unusable(f"no table is called `{argument.strip()}`; write it under `tables`")
    return Filter(lambda value: table.get(text_of(value)), "any")


def _date(argument: str, type_: Type, tables: Tables, zone: str) -> Filter:
    if type_ not in ("date", "time"):
        raise Unusable("`date` is for dates and times")
    unknown = [found for found in re.findall(r"%(.?)", argument) if found not in _DIRECTIVES or not found]
    if unknown:
        raise Unusable(f"`%{unknown[0]}` may differ from machine to machine; write only %{', %'.join(_DIRECTIVES)}")
    there = ZONES[zone]

    def written(value: Json) -> Json:
        return (value.astimezone(there) if isinstance(value, datetime) else value).strftime(argument)

    return Filter(written, "text")


_MAKERS: dict[str, Callable[[str, Type, Tables, str], Filter]] = {
    "upper": _upper,
    "lower": _lower,
    "text": _text,
    "truncate": _truncate,
    "default": _default,
    "map": _map,
    "date": _date,
}
_NEED_ARGUMENT = {"truncate": "truncate:255", "default": "default:-", "map": "map:TABLE", "date": "date:%d-%m-%Y"}
