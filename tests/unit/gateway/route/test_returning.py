"""LAPOR!'s own export is known, and where it would go back to LAPOR!."""

from __future__ import annotations

import pytest

from gateway.route.returning import goes_back, is_lapors_export
from gateway.route.rules import Rule, Rules, When

EXPORT = ("Tracking ID", "Isi Laporan Akhir", " Instansi  Terdisposisi", "Status Laporan", "Rating")
ONLY = Rule("arsip", When(channels=frozenset({"arsip"})), ("dinas",), only=True)
ALSO = Rule("arsip", When(channels=frozenset({"arsip"})), ("dinas",))


@pytest.mark.parametrize(
    ("headers", "expected"), [(EXPORT, True), (EXPORT[1:], False), (("Tracking ID", "Isi Laporan"), False), ((), False)]
)
def test_the_export_is_told_by_its_headers(headers: tuple[str, ...], expected: bool) -> None:
    assert is_lapors_export(headers) is expected


@pytest.mark.parametrize(
    ("rules", "expected"),
    [((), ["sp4n"]), ((ALSO,), ["sp4n"]), ((ONLY,), [])],
    ids=["default", "a rule besides the default", "a rule that decides alone"],
)
def test_only_a_rule_that_decides_alone_keeps_it_from_going_back(rules: tuple[Rule, ...], expected: list[str]) -> None:
    made = Rules("uji", rules, default=("sp4n", "dinas"))
    assert goes_back("arsip", made, {"sp4n", "lapor"}) == expected
