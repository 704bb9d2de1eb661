"""The region that a text is about, from its words alone: as narrow as is sure, and none where it is not.

Districts and villages have names that many share and that are words as well. So one counts only behind what it is
(`kecamatan`, `desa`) or right before the region it lies in (`Cilodong, Depok`), and only if that leaves one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from gateway.regions.book import (
    PROVINCE,
    REGENCY,
    districts_called,
    districts_in,
    villages_called,
    villages_in,
)
from gateway.regions.spelling import closest
from gateway.regions.upper import Named, find_upper, may_name_upper, scope_of
from gateway.terms import standard

_DISTRICT_WORDS = frozenset({"kecamatan", "kec", "distrik", "kapanewon", "kemantren"})
_VILLAGE_WORDS = frozenset(
    {"kelurahan", "kel", "desa", "ds", "kalurahan", "nagari", "gampong", "pekon", "kampung", "kp"}
)
_UPPER_WORDS = frozenset({"kabupaten", "kab", "kota", "kotamadya", "kodya", "provinsi", "propinsi", "prov"})
_ROADS = frozenset({"jalan", "jl", "jln", "gang", "gg"})
_OF_ROADS = frozenset({"raya", "tol", "lingkar", "poros"})
_ENDS = _DISTRICT_WORDS | _VILLAGE_WORDS | _UPPER_WORDS | {"rt", "rw", "di", "dan", "yang", "yg", "no", "dusun"}
_NO_NAMES = frozenset({"kota", "baru", "tengah", "sumber", "makmur", "jaya", "pasar", "setempat", "kami", "saya"})
"""Words that are names of districts as well; none of them is taken for one alone."""
_LONGEST = 4
_Called = Callable[[str], tuple[str, ...]]
_BREAK = "\n"


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A word that says what follows it, and how that may be spelt: the longest first, without spaces."""

    at: int
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _District:
    """The districts that words from `at` on may mean."""

    at: int
    codes: tuple[str, ...]


def region_in(text: Sequence[str], usual: Sequence[str] | None = None) -> str | None:
    """The code of the region that the words of a text (see `words`) name; None for none, or where they contradict.

    `usual` are the same words as `gateway.terms.standard` spells them, where that is known.
    """
    usual = standard(text) if usual is None else usual
    if _DISTRICT_WORDS.isdisjoint(text) and not may_name_upper(usual):
        return None
    named, villages = _anchored(text, _DISTRICT_WORDS), _anchored(text, _VILLAGE_WORDS)
    upper = find_upper(_without_lower(text, usual, named, villages))
    scope = scope_of(upper)
    if scope is None:
        return None
    found = [_district(one, scope) for one in named] if named else _before_upper(text, upper)
    districts = [one for one in found if one is not None]
    if len(districts) < len(found):
        return None
    if len({one.codes for one in districts}) > 1:
        return _shared([code for one in districts for code in one.codes], scope)
    village = _village(text, villages, districts, scope)
    return village or (_only(districts[0].codes) if districts else None) or scope or None


def _anchored(text: Sequence[str], anchors: frozenset[str]) -> list[_Anchored]:
    if anchors.isdisjoint(text):
        return []
    return [_Anchored(at, names) for at, word in enumerate(text) if word in anchors and (names := _after(text, at + 1))]


def _after(text: Sequence[str], start: int) -> tuple[str, ...]:
    end = start
    while end < min(start + _LONGEST, len(text)) and text[end] not in _ENDS:
        end += 1
    return tuple(
        "".join(text[start:stop]) for stop in range(end, start, -1) if not _NO_NAMES.issuperset(text[start:stop])
    )


def _without_lower(
    text: Sequence[str], usual: Sequence[str], districts: list[_Anchored], villages: list[_Anchored]
) -> list[str]:
    """The words in their usual spelling, with those taken out that name a district, a village or a road."""
    left = list(usual)
    for one in (*districts, *villages):
        known = next((name for name in one.spellings if name in districts_called()), "")
        taken = 0
        end = one.at + 1
        while end < len(text) and (taken < len(known) or end == one.at + 1):
            taken += len(text[end])
            left[end] = _BREAK
            end += 1
    for at in [at for at, word in enumerate(text[:-1]) if word in _ROADS]:
        after = at + 2 if text[at + 1] in _OF_ROADS else at + 1
        if after < len(text) and text[after] not in _ENDS:
            left[after] = _BREAK
    return left


def _district(one: _Anchored, scope: str) -> _District | None:
    """The districts that it may be; none where no district is called so, None where it is one of somewhere else."""
    called = districts_called()
    for spelt in one.spellings:
        if spelt in called:
            inside = tuple(code for code in called[spelt] if code.startswith(scope))
            return _District(one.at, inside) if inside else None
    near = closest(one.spellings, districts_in(scope)) if scope else None
    return _District(one.at, (near,) if near else ())


def _before_upper(text: Sequence[str], upper: Sequence[Named]) -> list[_District | None]:
    """The districts whose name stands right before that of their regency."""
    found: list[_District | None] = []
    for named in upper:
        inside = tuple(f"{code}." for code in named.codes if len(code) == REGENCY)
        at, codes = _exactly_before(text, named.start, partial(_districts_called, inside))
        if len(codes) == 1:
            found.append(_District(at, codes))
    return found


def _districts_called(scopes: tuple[str, ...], spelt: str) -> tuple[str, ...]:
    return tuple(code for code in districts_called().get(spelt, ()) if code.startswith(scopes))


def _exactly_before(text: Sequence[str], end: int, called: _Called) -> tuple[int, tuple[str, ...]]:
    """Where the longest name that ends there begins, and its codes; never the name of a road."""
    for start in range(max(end - _LONGEST, 0), end):
        part = text[start:end]
        of_road = start > 0 and text[start - 1] in _ROADS | _OF_ROADS
        if not of_road and _ENDS.isdisjoint(part) and not _NO_NAMES.issuperset(part):
            codes = called("".join(part))
            if codes:
                return start, codes
    return end, ()


def _village(
    text: Sequence[str], villages: Sequence[_Anchored], districts: Sequence[_District], scope: str
) -> str | None:
    """The one village that is named in one of the districts, or in the regency where no district is named."""
    regions = districts[0].codes if districts else (scope,) if len(scope) == REGENCY else ()
    if not regions:
        return None

    def called(spelt: str) -> tuple[str, ...]:
        return tuple(code for region in regions for code in villages_called(spelt, region))

    if not villages:
        return _only(_exactly_before(text, districts[0].at, called)[1]) if len(districts) == 1 else None
    found = {_meant(one.spellings, called, regions) for one in villages} - {None}
    return found.pop() if len(found) == 1 else None


def _meant(spellings: Sequence[str], called: _Called, regions: Sequence[str]) -> str | None:
    codes = next((codes for spelt in spellings if (codes := called(spelt))), None)
    if codes is not None:
        return _only(codes)
    return closest(spellings, {code: name for region in regions for code, name in villages_in(region).items()})


def _only(codes: Sequence[str]) -> str | None:
    return codes[0] if len(codes) == 1 else None


def _shared(codes: Sequence[str], scope: str) -> str | None:
    """The regency, or else the province, that several districts lie in; the scope where they share none."""
    for level in (REGENCY, PROVINCE):
        if len({code[:level] for code in codes}) == 1:
            return codes[0][:level]
    return scope or None
