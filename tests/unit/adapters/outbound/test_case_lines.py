"""The case as lines of words: what is known stands there, what is not leaves no empty line."""

from __future__ import annotations

from datetime import date

from adapters.outbound.case_lines import facts
from schemas.report import Location
from tests.fakes.cases import a_case, a_report, a_reporter

BARE = a_report(category_id=None, agency=None, location=None, incident_date=None)


def told(**changes: object) -> dict[str, str]:
    return dict(facts(a_case(**changes)))


def test_what_is_not_known_is_not_named() -> None:
    assert set(told(report=BARE)) == {
        "Kode lacak / Tracking code",
        "Diterima / Accepted",
        "Kanal / Channel",
        "Judul / Title",
        "Klasifikasi / Class",
        "Anonim / Anonymous",
        "Rahasia / Secret",
        "Identitas pelapor / Reporter",
    }


def test_what_is_known_is_named() -> None:
    known = told(report=a_report(agency="PLN", category_id=1397, incident_date=date(2026, 3, 1), is_priority=True))
    assert known["Instansi yang disebut / Agency named"] == "PLN"
    assert known["Kategori LAPOR! / Category"] == "1397"
    assert known["Tanggal kejadian / Date of incident"] == "2026-03-01"
    assert "Prioritas / Priority" in known


def test_a_place_is_told_by_whatever_of_it_is_known() -> None:
    by_address = told(report=a_report(location=Location(address="Jalan Melati 3")))
    assert by_address["Alamat / Address"] == "Jalan Melati 3"
    assert not {"Lokasi / Place", "Koordinat / Coordinates"} & set(by_address)
    by_point = told(report=a_report(location=Location(latitude=-6.9, longitude=107.6)))
    assert by_point["Koordinat / Coordinates"] == "-6.9, 107.6"


def test_of_a_reporter_only_what_they_gave_is_told() -> None:
    lines = told(reporter=a_reporter(email=None, nik=None, address=None))
    assert "Nama pelapor / Reporter" in lines
    assert not {"E-mail", "NIK", "Alamat pelapor / Reporter's address"} & set(lines)
