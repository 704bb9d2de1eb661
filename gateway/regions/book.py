"""The book of regions: every code of Kemendagri's with its name. Source: see gateway/data/README.md.

Provinces and regencies are read at once, districts when the first is asked for, villages by regency: as text, which
is searched, since the country has 83,000 and most are never asked for.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO, StringIO
from zipfile import ZipFile

from gateway.regions.spelling import squashed
from gateway.wording import fold

PROVINCE, REGENCY, DISTRICT, VILLAGE = 2, 5, 8, 13
"""Lengths of dotted codes, which are also their levels."""
LEVELS = (PROVINCE, REGENCY, DISTRICT, VILLAGE)

_SCOPES_AT_HAND = 64
_NO_LETTER = re.compile(r"[^\w\n]|_")


@cache
def upper_names() -> Mapping[str, str]:
    """Provinces and regencies, by code."""
    text = (files("gateway") / "data" / "regions.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(StringIO(text))}


@cache
def district_names() -> Mapping[str, str]:
    """All districts, by code."""
    return _member("districts")


def village_names(regency: str) -> Mapping[str, str]:
    """The villages of a regency, by code; none of a code that is no regency's."""
    return {code: name for code, _, name in (line.partition(",") for line in _villages(regency).strip().splitlines())}


@cache
def districts_called() -> Mapping[str, tuple[str, ...]]:
    """The codes of all districts of a name, by the name without spaces."""
    called: dict[str, list[str]] = defaultdict(list)
    for names in _districts().values():
        for code, name in names.items():
            called[name].append(code)
    return {name: tuple(codes) for name, codes in called.items()}


def districts_in(scope: str) -> Mapping[str, str]:
    """The names of districts in a province or regency without spaces, by code."""
    return _districts().get(scope) or _districts_of_province(scope)


def villages_called(name: str, scope: str) -> tuple[str, ...]:
    """The codes of the villages of a name without spaces, in a regency or district."""
    text, wanted = _squashed_villages(scope[:REGENCY]), f"\n{name},{scope}."
    found = []
    at = text.find(wanted)
    while at >= 0:
        start = at + len(name) + 2
        found.append(text[start : start + VILLAGE])
        at = text.find(wanted, start)
    return tuple(found)


@lru_cache(maxsize=_SCOPES_AT_HAND)
def villages_in(scope: str) -> Mapping[str, str]:
    """The names of villages in a regency or district without spaces, by code."""
    named = (line.partition(",") for line in _squashed_villages(scope[:REGENCY]).split())
    return {code: name for name, _, code in named if code.startswith(f"{scope}.")}


def region_name(code: str) -> str | None:
    """The name of the region of a dotted code; None where there is none."""
    if len(code) <= REGENCY:
        return upper_names().get(code)
    return district_names().get(code) if len(code) == DISTRICT else _village_name(code)


def ancestors(code: str) -> tuple[str, ...]:
    """The codes of the regions that a region lies in, the widest first, with its own at the end."""
    return tuple(code[:level] for level in LEVELS if level <= len(code))


def region_parts(code: str) -> Mapping[str, str]:
    """The names of a region and of those it lies in, by the field of a location; what is not known is left out."""
    named = zip(("province", "regency", "district", "village"), ancestors(code), strict=False)
    return {field: name for field, part in named if (name := region_name(part))}


def _village_name(code: str) -> str | None:
    _, _, after = _villages(code[:REGENCY]).partition(f"\n{code},")
    return after.partition("\n")[0] if after else None


@cache
def _districts() -> Mapping[str, Mapping[str, str]]:
    """The names of districts without spaces by code, by regency."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for code, name in district_names().items():
        found[code[:REGENCY]][code] = squashed(name)
    return dict(found)


@lru_cache(maxsize=_SCOPES_AT_HAND)
def _districts_of_province(code: str) -> Mapping[str, str]:
    inside = (names for regency, names in _districts().items() if regency.startswith(f"{code}."))
    return {code: name for names in inside for code, name in names.items()}


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO((files("gateway") / "data" / "regions.zip").read_bytes()))


@cache
def _villages(regency: str) -> str:
    """The villages of a regency as lines of code and name, an empty line before and after; empty for no regency."""
    if regency not in upper_names() or len(regency) != REGENCY:
        return ""
    return f"\n{_archive().read(regency).decode('utf-8')}\n"


@cache
def _squashed_villages(regency: str) -> str:
    """The same as lines of name without spaces and code."""
    named = [line.partition(",") for line in _villages(regency).strip().splitlines()]
    names = _NO_LETTER.sub("", fold("\n".join(name for _, _, name in named))).split("\n")
    lines = (f"{name},{code}" for name, (code, _, _) in zip(names, named, strict=True))
    return "\n".join(("", *lines, ""))


def _member(name: str) -> dict[str, str]:
    lines = _archive().read(name).decode("utf-8").splitlines()
    return {code: called for code, _, called in (line.partition(",") for line in lines)}
