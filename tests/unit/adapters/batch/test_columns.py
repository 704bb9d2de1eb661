"""Columns are known by what people call them."""

from __future__ import annotations

import pytest

from adapters.channels.batch.columns import SPELLINGS, TEMPLATE, columns_of
from schemas.errors import Invalid

EXPORT = [
    *("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Klasifikasi Laporan"),
    *("ID Kategori", "Kategori", "Judul Laporan", "Isi Laporan Awal", "Isi Laporan Akhir"),
    "Tipe Laporan (Anonim/Rahasia)",
    *("Sumber Laporan", "Instansi Induk", "ID Instansi Terdisposisi", "Instansi Terdisposisi", "Status Laporan"),
    *("Alasan Tunda/Arsip", "Provinsi", "Kota/Kabupaten", "Kecamatan", "Kelurahan", "Rating"),
]  # fmt: skip


def test_the_export_of_lapor_is_known() -> None:
    found = {field: EXPORT[place] for field, place in columns_of(EXPORT).places.items()}
    assert found == {
        "message_id": "Tracking ID",
        "title": "Judul Laporan",
        "content": "Isi Laporan Akhir",
        "content_first": "Isi Laporan Awal",
        "classification": "Klasifikasi Laporan",
        "category_id": "ID Kategori",
        "agency": "Instansi Terdisposisi",
        "province": "Provinsi",
        "regency": "Kota/Kabupaten",
        "district": "Kecamatan",
        "village": "Kelurahan",
        "sent_date": "Tanggal Laporan Masuk",
        "sent_time": "Waktu Laporan Masuk",
        "name": "Nama Pelapor",
        "kind": "Tipe Laporan (Anonim/Rahasia)",
    }


@pytest.mark.parametrize(
    ("headers", "field", "place"),
    [
        (["No. HP", "Uraian"], "phone", 0),
        (["Instansi Induk", "Instansi", "Instansi Tujuan"], "agency", 2),
        (["LAPORAN", "E-mail"], "email", 1),
        (["tgl kejadian", "Tanggal"], "incident_date", 0),
        (["Desa/Kelurahan"], "village", 0),
    ],
)
def test_other_names_are_known_too(headers: list[str], field: str, place: int) -> None:
    assert columns_of(headers).places[field] == place


def test_every_header_of_the_template_is_another_field() -> None:
    assert len(columns_of(TEMPLATE).places) == len(TEMPLATE)


def test_a_column_is_what_it_is_said_to_be_before_all_else() -> None:
    named = columns_of(["Isi", "Kronologi"], {"kronologi": "content"})
    assert dict(named.places) == {"content": 1}


@pytest.mark.parametrize(
    ("named", "told"), [({"Isi": "isi"}, "no field"), ({"Kronologi": "content"}, "no column 'Kronologi'")]
)
def test_a_field_or_column_that_is_not_there_is_told(named: dict[str, str], told: str) -> None:
    with pytest.raises(Invalid, match=told):
        columns_of(["Isi"], named)


def test_a_row_gives_its_fields_without_what_is_empty_or_cut_off() -> None:
    columns = columns_of(["Isi", "Judul", "Nama", "Rating"])
    assert columns.fields([" Jalan rusak ", " "]) == {"content": "Jalan rusak"}


def test_a_table_needs_a_column_that_tells_what_happened() -> None:
    assert columns_of(["Isi Laporan Awal"]).tell_what_happened is True
    assert columns_of(["Judul", "Nama"]).tell_what_happened is False


def test_no_spelling_means_two_fields() -> None:
    spelled = [each for names in SPELLINGS.values() for each in names]
    assert len(spelled) == len(set(spelled))
