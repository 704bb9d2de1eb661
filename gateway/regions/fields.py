"""A location whose fields name regions, completed: the code they mean, and the names that a code means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from gateway.regions.book import (
    DISTRICT,
    PROVINCE,
    REGENCY,
    districts_called,
    districts_in,
    region_name,
    region_parts,
    upper_names,
    villages_called,
    villages_in,
)
from gateway.regions.naming import region_in
from gateway.regions.spelling import closest, exact, squashed
from gateway.regions.upper import find_upper, scope_of
from gateway.terms import standard
from gateway.wording import words
from schemas.report import Location

_FIELDS = ("province", "regency", "district", "village")
_KINDS = {
    "district": ("kecamatan", "distrik", "kapanewon", "kemantren", "kec"),
    "village": ("kelurahan", "kalurahan", "desa", "nagari", "gampong", "kel", "ds"),
}


def located(location: Location) -> Location:
    """The location with the code of the narrowest region that its fields surely name, and with the names of a code.

    What the sender wrote stays as it is; only what is empty is filled. A code that no region has is left alone, and so
    are fields that contradict each other. Locating again changes nothing.
    """
    code = location.region_code or _code_of(location)
    if code is None or region_name(code) is None:
        return location
    names = {field: name for field, name in region_parts(code).items() if getattr(location, field) is None}
    if location.region_code == code and not names:
        return location
    return location.model_copy(update={"region_code": code, **names})


def _code_of(location: Location) -> str | None:
    if all(getattr(location, field) is None for field in _FIELDS):
        return region_in(words(location.address)) if location.address else None
    upper = _upper(location)
    if upper is None:
        return None
    districts = _districts(location.district, upper)
    if districts is None:
        return None
    code = _village(location.village, districts, upper) or (districts[0] if len(districts) == 1 else upper) or None
    return _narrower(location.address, code) if code and location.address else code


def _narrower(address: str, code: str) -> str:
    """The narrower region that an address in a region names; else that region."""
    told = ["kecamatan", *words(region_name(code) or "")] if len(code) == DISTRICT else []
    found = region_in([*words(address), *told, *words(region_name(code[:REGENCY]) or "")])
    return found if found and found.startswith(code) else code


def _upper(location: Location) -> str | None:
    """The regency or province that both fields mean; `` where they name none, None where they contradict."""
    province = _narrowed(location.province, PROVINCE, "")
    regency = _narrowed(location.regency, REGENCY, province or "")
    if province is None or regency is None:
        return None
    return regency or province


def _narrowed(name: str | None, level: int, scope: str) -> str | None:
    """The region of this level, or the wider one that is sure; None where it lies outside of the scope."""
    if not name:
        return scope
    found = find_upper(standard(words(name)))
    if found:
        inside = [replace(one, codes=tuple(code for code in one.codes if code.startswith(scope))) for one in found]
        meant = scope_of([one for one in inside if one.codes]) or None
        return meant and max(meant[:level], scope, key=len)
    names = {code: called for code, called in _bare_names(level).items() if code.startswith(scope)}
    codes = exact(squashed(name), names)
    return codes[0] if len(codes) == 1 else scope if codes else closest([squashed(name)], names) or scope


def _districts(name: str | None, upper: str) -> tuple[str, ...] | None:
    """The districts of a name in the region; none where none is called so, None where it is one of somewhere else."""
    if not name:
        return ()
    spelt = _bare(name, "district")
    everywhere = districts_called().get(spelt)
    if everywhere is not None:
        return tuple(code for code in everywhere if code.startswith(upper)) or None
    near = closest([spelt], districts_in(upper)) if upper else None
    return (near,) if near else ()


def _village(name: str | None, districts: tuple[str, ...], upper: str) -> str | None:
    if not name:
        return None
    spelt = _bare(name, "village")
    regions = districts or ((upper,) if len(upper) == REGENCY else ())
    codes = [code for region in regions for code in villages_called(spelt, region)]
    if codes:
        return codes[0] if len(codes) == 1 else None
    return closest([spelt], {code: called for region in regions for code, called in villages_in(region).items()})


def _bare(name: str, field: str) -> str:
    first, *rest = words(name) or [""]
    return "".join(rest) if rest and first in _KINDS[field] else squashed(name)


@cache
def _bare_names(level: int) -> Mapping[str, str]:
    return {
        code: squashed(re.sub("^(Kabupaten|Kota) (Administrasi )?", "", name))
        for code, name in upper_names().items()
        if len(code) == level
    }
