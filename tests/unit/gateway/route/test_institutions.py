"""Whether the directory of agencies and LAPOR!'s list of institutions agree."""

from __future__ import annotations

import pytest

from gateway.route import Agency
from gateway.route.institutions import disagreements

LIST = {"151": "Kementerian Kesehatan", "162": "Dinas Kesehatan Kota Bandung"}


def test_an_agency_agrees_by_its_name_or_an_alias_however_it_is_spelt() -> None:
    shouted = Agency("KEMENTERIAN KESEHATAN", institution="151")
    short = Agency("Dinkes", ("dinas kesehatan kota bandung",), "162")
    assert disagreements([shouted, short], LIST) == []


@pytest.mark.parametrize(
    ("agency", "told"),
    [
        (Agency("Kementerian Kesehatan"), "has no `institution`; the list has 151"),
        (Agency("Kementerian Kesehatan", institution="9"), "institution 9 is not in the list; the list has it as 151"),
        (
            Agency("Entah", institution="9"),
            "institution 9 is not in the list; the list has no institution of its names",
        ),
        (Agency("Kementerian Kesehatan", institution="162"), "is Dinas Kesehatan Kota Bandung; its own is 151"),
        (Agency("Kemenkes", institution="151"), "is called Kementerian Kesehatan; add it as alias"),
    ],
)
def test_what_does_not_agree_is_told_with_what_to_write(agency: Agency, told: str) -> None:
    [found] = disagreements([agency], LIST)
    assert told in found


def test_an_agency_that_the_list_does_not_know_and_that_has_no_id_is_nobodys_mistake() -> None:
    assert disagreements([Agency("Bank Sampah RW 5")], LIST) == []
