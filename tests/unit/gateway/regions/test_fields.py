"""A location that names its regions gets their code, and one that has a code their names."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.regions import located
from schemas.report import Location

NAMES = st.none() | st.sampled_from(
    ["Jawa Barat", "jabar", "Kota Depok", "Bandung", "Kab. Bandung", "Cilodong", "Kec. Beji", "Sukamaju", "Medan", "-"]
)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"province": "Jawa Barat", "regency": "Kota Depok", "district": "Cilodong"}, "32.76.08"),
        ({"province": "jabar", "regency": "Bandung"}, "32"),
        ({"province": "Jawa Barat", "regency": "Purwakrta"}, "32.14"),
        ({"province": "DI Yogyakarta", "regency": "Sleman", "district": "Turi"}, "34.04.15"),
        ({"province": "DKI Jakarta", "regency": "Kota Administrasi Jakarta Selatan"}, "31.74"),
        ({"province": "Jawa Barat", "regency": "Kota Contoh"}, "32"),
        ({"regency": "Kab. Bandung"}, "32.04"),
        ({"regency": "Demak"}, "33.21"),
        ({"regency": "Sorong"}, None),
        ({"regency": "Depok", "district": "Kec. Cilodog", "village": "Kel. Suka Maju"}, "32.76.08.1001"),
        ({"regency": "Depok", "district": "Antah Berantah"}, "32.76"),
        ({"regency": "Depok", "village": "Sukamaju"}, "32.76.08.1001"),
        ({"regency": "Depok", "village": "Antah Berantah"}, "32.76"),
        ({"district": "Cilodong", "village": "Sukamaju"}, "32.76.08.1001"),
        ({"district": "Antah Berantah"}, None),
        ({"village": "Sukamaju"}, None),
        ({"province": "Contoh"}, None),
        ({"province": "Jawa Timur", "regency": "Kota Depok"}, None),
        ({"regency": "Surabaya", "district": "Cilodong"}, None),
        ({"district": ""}, None),
        ({"latitude": -6.2}, None),
    ],
)
def test_the_code_is_of_the_narrowest_region_that_the_fields_surely_name(fields: dict[str, Any], code: str) -> None:
    assert located(Location(**fields)).region_code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"address": "Jl. Merdeka 1, Cilodong, Depok"}, "32.76.08"),
        ({"regency": "Depok", "address": "Gang 3, Kel. Sukamaju, Cilodong"}, "32.76.08.1001"),
        ({"regency": "Depok", "district": "Cilodong", "address": "Gang 3 Kel. Sukamaju"}, "32.76.08.1001"),
        ({"regency": "Depok", "address": "Kecamatan Coblong"}, "32.76"),
        ({"address": "di belakang masjid"}, None),
    ],
)
def test_an_address_may_say_more_but_nothing_else(fields: dict[str, Any], code: str | None) -> None:
    assert located(Location(**fields)).region_code == code


def test_what_the_sender_wrote_stays_and_the_rest_is_filled() -> None:
    assert located(Location(regency="depok", district="cilodong")) == Location(
        province="Jawa Barat", regency="depok", district="cilodong", region_code="32.76.08"
    )


def test_a_code_is_told_by_its_names() -> None:
    assert located(Location(region_code="32.76")) == Location(
        province="Jawa Barat", regency="Kota Depok", region_code="32.76"
    )


def test_a_code_that_nobody_has_is_left_alone() -> None:
    assert located(Location(region_code="99.99")) == Location(region_code="99.99")


@given(st.builds(Location, province=NAMES, regency=NAMES, district=NAMES, village=NAMES, address=NAMES))
def test_locating_again_changes_nothing(location: Location) -> None:
    once = located(location)
    assert located(once) == once


def test_a_location_that_says_everything_stays_the_very_same() -> None:
    whole = located(Location(region_code="32.76"))
    assert located(whole) is whole
