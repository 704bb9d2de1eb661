"""Provinces and regencies that the words of a text name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from gateway.regions.book import PROVINCE, REGENCY, upper_names
from gateway.regions.spelling import closest, squashed
from gateway.terms import standard
from gateway.wording import PhraseIndex, index_phrases, words

_SHORT = {
    "jabar": "32", "jateng": "33", "jatim": "35", "diy": "34", "jogja": "34", "yogya": "34",
    "jogjakarta": "34", "yogyakarta": "34", "kota jogja": "34.71", "kota yogya": "34.71", "dki": "31",
    "jakarta": "31", "sumut": "12", "sumbar": "13", "sumsel": "16", "babel": "19", "kepri": "21", "ntb": "52",
    "ntt": "53", "kalbar": "61", "kalteng": "62", "kalsel": "63", "kaltim": "64", "kaltara": "65", "sulut": "71",
    "sulteng": "72", "sulsel": "73", "sultra": "74", "sulbar": "76", "malut": "82", "jaksel": "31.74",
    "jakbar": "31.73", "jakpus": "31.71", "jakut": "31.72", "jaktim": "31.75", "solo": "33.72",
    "tangsel": "36.74", "sumatra utara": "12", "sumatra barat": "13", "sumatra selatan": "16", "siantar": "12.72",
}  # fmt: skip
_ORDINARY = frozenset(
    """agam alor asmat banjar bantaeng batang batu belu bima bone buru demak ende kaur karo landak langsa lebak lingga
    malaka metro mesuji muna pati poso puncak sabang siak sigi sikka solok tegal tual barru berau kapuas magetan nias
    sorong serang""".split()  # noqa: SIM905 - a table of words
)
"""Names that are words as well, or names of people: they count only behind `kota` or `kabupaten`."""
_KINDS = ("kabupaten administrasi ", "kota administrasi ", "kabupaten ", "kota ")
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: the words from `start` to before `end`, and the codes of the regions that it may mean."""

    start: int
    end: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Places:
    meant: Mapping[str, tuple[str, ...]]  # by what people write
    index: PhraseIndex


def may_name_upper(text: Sequence[str]) -> bool:
    """Whether `find_upper` could find anything in these words or in some of them: a quick look."""
    return "kota" in text or "kabupaten" in text or bool(_places().index.find(text))


def find_upper(text: Sequence[str]) -> tuple[Named, ...]:
    """Where the words of a text, put into their usual spelling (see `standard`), name a province or a regency.

    Of names that lie in one another, the longest. A misspelt one counts behind the word `kabupaten` or `kota`.
    """
    places = _places()
    phrases = {tuple(name.split()): places.meant[name] for name in places.index.find(text)}
    firsts = {phrase[0] for phrase in phrases}
    found: list[Named] = []
    end = 0
    for at in [at for at, word in enumerate(text) if word in firsts] if firsts else ():
        length = next((n for n in range(_LONGEST, 0, -1) if tuple(text[at : at + n]) in phrases), 0)
        if length and at >= end:
            end = at + length
            found.append(Named(at, end, phrases[tuple(text[at:end])]))
    if not any(len(code) == REGENCY for named in found for code in named.codes):
        found += _misspelt(text)
    return tuple(found)


def scope_of(found: Sequence[Named]) -> str | None:
    """The region that all these names mean: the narrowest, `` where there are none, None where they contradict."""
    codes = {_common(named.codes) for named in found} - {None}
    provinces = {code[:PROVINCE] for code in codes if code}
    if len(provinces) > 1:
        return None
    regencies = [code for code in codes if code and len(code) == REGENCY]
    return regencies[0] if len(regencies) == 1 else next(iter(provinces), "")


def _misspelt(text: Sequence[str]) -> list[Named]:
    found: list[Named] = []
    if "kota" not in text and "kabupaten" not in text:
        return found
    for at, word in enumerate(text):
        if word in ("kabupaten", "kota"):
            ends = range(at + 2, min(at + _LONGEST, len(text) + 1))
            spellings = ["".join(text[at + 1 : end]) for end in ends]
            code = closest(spellings, _bare_names(word))
            if code is not None:
                found.append(Named(at, ends[0], (code,)))
    return found


def _common(codes: Sequence[str]) -> str | None:
    """The one code, or the province that all of several lie in."""
    provinces = {code[:PROVINCE] for code in codes}
    return codes[0] if len(codes) == 1 else next(iter(provinces)) if len(provinces) == 1 else None


@cache
def _places() -> _Places:
    meant: dict[str, list[str]] = defaultdict(list)
    for code, name in upper_names().items():
        for spelling in _spellings(" ".join(words(name))):
            meant[" ".join(standard(spelling.split()))].append(code)  # Karo is a word as well: Javanese for `dengan`
    for short, code in _SHORT.items():
        meant[short] = [code]
    return _Places({name: tuple(codes) for name, codes in meant.items()}, index_phrases(meant))


@cache
def _bare_names(kind: str) -> Mapping[str, str]:
    return {
        code: squashed(re.sub("^(Kabupaten|Kota) (Administrasi )?", "", name))
        for code, name in upper_names().items()
        if name.lower().startswith(kind)
    }


def _spellings(name: str) -> list[str]:
    kind = next((kind for kind in _KINDS if name.startswith(kind)), "")
    bare = name.removeprefix(kind)
    spellings = [name] if not kind else [f"{kind.split()[0]} {bare}"]
    glued = f"{kind[:3]}{bare}" if kind.startswith("kab") else f"{kind.strip()}{bare}" if kind else ""  # SMS 1708
    if glued and " " not in glued:
        spellings += [glued, f"{bare}kab" if kind.startswith("kab") else f"{bare}kota"]
    return spellings if bare in _ORDINARY or not kind else [*spellings, bare]
