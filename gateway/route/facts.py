"""What the rules are asked about: a report's facts in the form that conditions compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.route.rules import Agency, Rules
from gateway.text import Text, text_of
from gateway.wording import words
from schemas.report import Report

_REGION_WORDS = {"kab": "kabupaten", "kabupate": "kabupaten", "kotamadya": "kota", "kodya": "kota"}
_LEFT_OUT = frozenset({"provinsi", "propinsi", "prov", "administrasi", "adm"})
_TYPES = ("kabupaten ", "kota ")


@dataclass(frozen=True, slots=True)
class Facts:
    """A report as the conditions see it. `named` maps agencies named in the agency field to the alias that was used."""

    report: Report
    channel: str
    keywords: frozenset[str]
    named: dict[str, str]
    mentioned: dict[str, str]  # the same for title and content
    province: str
    regency: str
    region: str


def facts_of(report: Report, channel: str, rules: Rules, text: Text | None = None) -> Facts:
    """The facts of a report that came through a channel. `text` is the report's, where it was cut before."""
    told = (text or text_of(report)).whole
    place = report.location
    return Facts(
        report=report,
        channel=channel,
        keywords=rules.keywords.find(told),
        named=_agencies(rules, words(report.agency)) if report.agency else {},
        mentioned=_agencies(rules, told),
        province=region_name(place.province) if place and place.province else "",
        regency=region_name(place.regency) if place and place.regency else "",
        region=place.region_code.replace(".", "") if place and place.region_code else "",
    )


def region_name(name: str) -> str:
    """A province, kabupaten or kota as rules compare it: `Kab. Garut` and `KABUPATEN GARUT` are `kabupaten garut`."""
    return " ".join(_REGION_WORDS.get(word, word) for word in words(name) if word not in _LEFT_OUT)


def without_type(name: str) -> str:
    """The name of a kabupaten or kota without saying which of the two: a rule for `bandung` is for both."""
    return next((name.removeprefix(kind) for kind in _TYPES if name.startswith(kind)), name)


def agency_for(facts: Facts, rules: Rules) -> tuple[Agency, dict[str, str]] | None:
    """The agency of the directory that a report is for, and why: the one it names, else the one of its category.

    Of several named, the one whose alias says most. A mention in the text alone addresses nobody: only a rule can.
    """
    if facts.named:
        name = max(facts.named, key=lambda agency: len(facts.named[agency]))
        agency = rules.agency_of_name[facts.named[name]]
        return agency, {"agency": agency.name, "named_as": facts.named[name]}
    category = facts.report.category_id
    found = rules.agency_of_category.get(category) if category is not None else None
    return (found, {"agency": found.name, "category": str(category)}) if found else None


def _agencies(rules: Rules, text: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for alias in sorted(rules.names.find(text), key=lambda alias: (len(alias), alias)):
        found[rules.agency_of_name[alias].name] = alias
    return found
