"""Every region has a name, a code of Kemendagri's, and a region that it lies in."""

from __future__ import annotations

import re

from gateway.regions import ancestors, region_name, region_parts
from gateway.regions.book import district_names, upper_names, village_names


def test_every_region_has_a_code_of_kemendagri() -> None:
    names = upper_names()
    assert (sum(len(code) == 2 for code in names), len(names)) == (38, 552)
    assert [code for code in names if not re.fullmatch(r"\d{2}(\.\d{2})?", code)] == []
    assert {code[:2] for code in names} <= set(names)


def test_every_district_lies_in_a_regency_and_every_village_in_a_district() -> None:
    assert len(district_names()) == 7285
    assert {code[:5] for code in district_names()} <= set(upper_names())
    villages = village_names("32.76")
    assert len(villages) == 63
    assert {code[:8] for code in villages} <= set(district_names())


def test_a_region_is_told_with_all_it_lies_in() -> None:
    assert ancestors("32.76.08.1001") == ("32", "32.76", "32.76.08", "32.76.08.1001")
    assert region_parts("32.76.08.1001") == {
        "province": "Jawa Barat",
        "regency": "Kota Depok",
        "district": "Cilodong",
        "village": "Sukamaju",
    }


def test_a_code_that_nobody_has_has_no_name() -> None:
    assert [region_name(code) for code in ("99", "32.99", "32.76.99", "32.76.08.9999", "99.99.99.9999")] == [None] * 5
