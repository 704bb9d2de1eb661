"""Provinces and regencies that a text names, with Kemendagri's codes."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

from gateway.classify.suggestion import PlaceSuggestion
from gateway.terms import standard
from gateway.wording import PhraseIndex, index_phrases, words

_SHORT = {
    "jabar": "32", "jateng": "33", "jatim": "35", "diy": "34", "jogja": "34.71",
    "yogya": "34.71", "jogjakarta": "34.71",
    "yogyakarta": "34.71", "dki": "31", "jakarta": "31", "sumut": "12", "sumbar": "13", "sumsel": "16", "babel": "19",
    "kepri": "21", "ntb": "52", "ntt": "53", "kalbar": "61", "kalteng": "62", "kalsel": "63", "kaltim": "64",
    "kaltara": "65", "sulut": "71", "sulteng": "72", "sulsel": "73", "sultra": "74", "sulbar": "76", "malut": "82",
    "jaksel": "31.74", "jakbar": "31.73", "jakpus": "31.71", "jakut": "31.72", "jaktim": "31.75", "solo": "33.72",
    "tangsel": "36.74", "sumatra utara": "12", "sumatra barat": "13", "sumatra selatan": "16", "siantar": "12.72",
}  # fmt: skip
_ORDINARY = frozenset(
    """agam alor asmat banjar bantaeng batang batu belu bima bone buru demak ende kaur karo landak langsa lebak lingga
    malaka metro mesuji muna pati poso puncak sabang siak sigi sikka solok tegal tual barru berau kapuas magetan nias
    sorong serang""".split()  # noqa: SIM905 - a table of words
)
"""Names that are words as well, or names of people: they count only behind `kota` or `kabupaten`."""
_KINDS = ("kabupaten administrasi ", "kota administrasi ", "kabupaten ", "kota ")


@dataclass(frozen=True, slots=True)
class Places:
    """Names of regions and the codes that each may mean."""

    names: Mapping[str, str]  # by code
    meant: Mapping[str, tuple[str, ...]]  # by what people write
    index: PhraseIndex


def place_in(text: Sequence[str]) -> PlaceSuggestion | None:
    """The region that the words of a text name: the narrowest, or None where they name none or more than one."""
    places = load_places()
    found = places.index.find(text)
    codes = {code for name in _whole(found) for code in [_common(places.meant[name])] if code}
    regencies = {code for code in codes if len(code) > 2}
    provinces = {code[:2] for code in codes}
    if len(provinces) != 1:
        return None
    (province,) = provinces
    regency = next(iter(regencies)) if len(regencies) == 1 else None
    return PlaceSuggestion(
        province=places.names[province],
        regency=places.names[regency] if regency else None,
        region_code=regency or province,
    )


def _whole(found: frozenset[str]) -> list[str]:
    return [one for one in found if not any(one != other and f" {one} " in f" {other} " for other in found)]


def _common(codes: Sequence[str]) -> str | None:
    """The one code, or the province that all of several lie in."""
    provinces = {code[:2] for code in codes}
    return codes[0] if len(codes) == 1 else next(iter(provinces)) if len(provinces) == 1 else None


@cache
def load_places() -> Places:
    """The regions that come with the gateway."""
    text = (files("gateway") / "data" / "regions.csv").read_text(encoding="utf-8")
    names = {row["code"]: row["name"] for row in csv.DictReader(StringIO(text))}
    meant: dict[str, list[str]] = defaultdict(list)
    for code, name in names.items():
        for spelling in _spellings(" ".join(standard(words(name)))):
            meant[spelling].append(code)
    for short, code in _SHORT.items():
        meant[short] = [code]
    return Places(names, {name: tuple(codes) for name, codes in meant.items()}, index_phrases(meant))


def _spellings(name: str) -> list[str]:
    kind = next((kind for kind in _KINDS if name.startswith(kind)), "")
    bare = name.removeprefix(kind)
    spellings = [name] if not kind else [f"{kind.split()[0]} {bare}"]
    glued = f"{kind[:3]}{bare}" if kind.startswith("kab") else f"{kind.strip()}{bare}" if kind else ""  # SMS 1708
    if glued and " " not in glued:
        spellings += [glued, f"{bare}kab" if kind.startswith("kab") else f"{bare}kota"]
    return spellings if bare in _ORDINARY or not kind else [*spellings, bare]
