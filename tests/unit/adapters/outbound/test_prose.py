"""A case as one text: the code first, nothing of the reporter, and a cut that says so."""

from __future__ import annotations

from adapters.outbound.prose import place_of, text_of_case
from tests.fakes.cases import (
    a_case,
    a_location,
    a_message,
    a_report,
    a_reporter,
    a_withdrawal,
    an_addition,
    identity_of,
)


def test_a_report_tells_everything_but_who_reports() -> None:
    text = text_of_case(a_case(reporter=a_reporter()), 10_000)
    assert text.splitlines() == [
        "3PKR-RFPG-C6E6 Jembatan gantung rusak di Sukamaju",
        "",
        a_report().content,
        "",
        "Lokasi: Jembatan gantung RT 02 RW 05, Sukamaju, Cisurupan, Kabupaten Garut, Jawa Barat",
        "Tanggal kejadian: 2026-02-09",
        "Instansi yang disebut pelapor: Dinas Pekerjaan Umum Kabupaten Garut",
        "",
        "Lampiran: 1 berkas, ada pada pengirim.",
    ]
    assert [part for part in identity_of(a_reporter()) if part in text] == []


def test_what_a_report_does_not_have_is_not_mentioned() -> None:
    bare = a_report(title="Judul", content="Isi.", location=None, incident_date=None, agency=None, attachments=())
    assert text_of_case(a_case(report=bare), 1000) == "3PKR-RFPG-C6E6 Judul\n\nIsi."


def test_a_later_message_and_a_withdrawal_are_told_apart() -> None:
    added = a_message(text="", location=a_location(address=None, village=None), attachments=())
    assert text_of_case(an_addition(messages=(added,)), 1000) == (
        "3PKR-RFPG-C6E6 [tambahan]\n\nLokasi: Cisurupan, Kabupaten Garut, Jawa Barat"
    )
    assert text_of_case(a_withdrawal(), 1000).startswith(
        "3PKR-RFPG-C6E6 [pencabutan]\n\nPelapor mencabut laporan ini.\n\nLaporan saya tarik kembali"
    )


def test_a_long_text_is_cut_to_the_character_and_says_so() -> None:
    text = text_of_case(a_case(report=a_report(content="x" * 9000)), 4000)
    assert len(text) == 4000
    assert text.endswith("x…\n\n[Dipotong; teks selengkapnya ada pada pengirim dengan kode 3PKR-RFPG-C6E6.]")


def test_no_place_has_no_names() -> None:
    assert (place_of(None), place_of(a_location(**dict.fromkeys(a_location().model_fields_set)))) == ("", "")
