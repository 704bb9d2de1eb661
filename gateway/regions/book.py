"""The book of regions: every code of Kemendagri's with its name. Source: see gateway/data/README.md.

Provinces and regencies are read at once, districts when the first is asked for, villages by regency.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO, StringIO
from zipfile import ZipFile

from gateway.regions.spelling import squashed

PROVINCE, REGENCY, DISTRICT, VILLAGE = 2, 5, 8, 13
"""Lengths of dotted codes, which are also their levels."""
LEVELS = (PROVINCE, REGENCY, DISTRICT, VILLAGE)

_REGENCIES_AT_HAND = 128


@cache
def upper_names() -> Mapping[str, str]:
    """Provinces and regencies, by code."""
    text = (files("gateway") / "data" / "regions.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(StringIO(text))}


@cache
def district_names() -> Mapping[str, str]:
    """All districts, by code."""
    return _member("districts")


@lru_cache(maxsize=_REGENCIES_AT_HAND)
def village_names(regency: str) -> Mapping[str, str]:
    """The villages of a regency, by code; none of a code that is no regency's."""
    return _member(regency) if regency in upper_names() and len(regency) == REGENCY else {}


@cache
def districts_called() -> Mapping[str, tuple[str, ...]]:
    """The codes of all districts of a name, by the name without spaces."""
    called: dict[str, list[str]] = defaultdict(list)
    for code, name in district_names().items():
        called[squashed(name)].append(code)
    return {name: tuple(codes) for name, codes in called.items()}


@lru_cache(maxsize=_REGENCIES_AT_HAND)
def districts_in(scope: str) -> Mapping[str, str]:
    """The names of districts in a province or regency without spaces, by code."""
    return {code: squashed(name) for code, name in district_names().items() if code.startswith(f"{scope}.")}


@lru_cache(maxsize=_REGENCIES_AT_HAND)
def villages_in(scope: str) -> Mapping[str, str]:
    """The names of villages in a regency or district without spaces, by code."""
    named = village_names(scope[:REGENCY])
    return {code: squashed(name) for code, name in named.items() if code.startswith(f"{scope}.")}


def region_name(code: str) -> str | None:
    """The name of the region of a dotted code; None where there is none."""
    if len(code) <= REGENCY:
        return upper_names().get(code)
    return district_names().get(code) if len(code) == DISTRICT else village_names(code[:REGENCY]).get(code)


def ancestors(code: str) -> tuple[str, ...]:
    """The codes of the regions that a region lies in, the widest first, with its own at the end."""
    return tuple(code[:level] for level in LEVELS if level <= len(code))


def region_parts(code: str) -> Mapping[str, str]:
    """The names of a region and of those it lies in, by the field of a location; what is not known is left out."""
    named = zip(("province", "regency", "district", "village"), ancestors(code), strict=False)
    return {field: name for field, part in named if (name := region_name(part))}


@cache
def _archive() -> ZipFile:
    return ZipFile(BytesIO((files("gateway") / "data" / "regions.zip").read_bytes()))


def _member(name: str) -> dict[str, str]:
    lines = _archive().read(name).decode("utf-8").splitlines()
    return {code: called for code, _, called in (line.partition(",") for line in lines)}
