"""What would go back to where it came from: reports that the national system exported, handed to it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gateway.route import route
from gateway.route.rules import Rules
from schemas.report import Report

NATIONAL = frozenset({"sp4n", "lapor_xml"})
"""The kinds of destinations that are LAPOR! itself."""

_MARKS = ("tracking id", "instansi terdisposisi", "status laporan")
"""Headers that LAPOR!'s own Excel export has, and no other table has together."""
_ANY = Report(title="Laporan", content="Laporan")


def is_lapors_export(headers: Iterable[str]) -> bool:
    """Whether a table is LAPOR!'s own export, told by its headers."""
    told = {" ".join(header.split()).casefold() for header in headers}
    return all(mark in told for mark in _MARKS)


def goes_back(channel: str, rules: Rules, national: Collection[str]) -> list[str]:
    """Those of the `national` destinations that any report of this channel reaches, whatever it says."""
    return sorted(set(route(_ANY, channel, rules).targets) & set(national))
