"""Which column of a table is which field of a report: LAPOR!'s own export, and what people call the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.errors import Invalid

_TABLE = """
message_id: tracking id | id laporan | nomor laporan | no laporan | nomor tiket | no tiket | kode laporan
message_id: report id | id
title: judul laporan | judul | perihal | subjek | title | subject
content: isi laporan akhir | isi laporan | isi pengaduan | isi aduan | uraian laporan | uraian | deskripsi | isi
content: keluhan | pengaduan | aduan | laporan | content | description | message
content_first: isi laporan awal
classification: klasifikasi laporan | klasifikasi | jenis laporan | classification
category_id: id kategori | category id
agency: instansi terdisposisi | instansi tujuan | instansi | unit kerja | opd | dinas | agency
province: provinsi | propinsi | province
regency: kota kabupaten | kabupaten kota | kab kota | kabupaten | kota | regency | city
district: kecamatan | district
village: kelurahan | desa | kelurahan desa | desa kelurahan | village
address: alamat kejadian | lokasi kejadian | tempat kejadian | lokasi | alamat | location | address
latitude: lintang | latitude | lat
longitude: bujur | longitude | long | lng | lon
incident_date: tanggal kejadian | tgl kejadian | incident date
sent_date: tanggal laporan masuk | tanggal laporan | tanggal masuk | tanggal | tgl | date
sent_time: waktu laporan masuk | jam laporan | waktu | jam | pukul | time
name: nama pelapor | nama lengkap | nama | pelapor | reporter | name
phone: nomor telepon | no telepon | telepon | no telp | nomor hp | no hp | hp | nomor whatsapp | no wa
phone: whatsapp | phone
email: alamat email | alamat surel | surel | e mail | email
nik: nomor nik | no nik | nik | no ktp | nomor ktp
reporter_address: alamat pelapor | reporter address
kind: tipe laporan anonim rahasia | tipe laporan
is_anonymous: anonim | anonymous
is_secret: rahasia | secret
"""
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


def _spellings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _TABLE.strip().splitlines():
        field, _, spelled = line.partition(": ")
        found.setdefault(field, []).extend(spelled.split(" | "))
    return found


SPELLINGS = _spellings()
"""Every field, with what its column may be called, the surest first."""

TEMPLATE = (
    "Nomor Laporan",
    "Judul Laporan",
    "Isi Laporan",
    "Klasifikasi",
    "Instansi",
    "Provinsi",
    "Kota/Kabupaten",
    "Kecamatan",
    "Kelurahan",
    "Alamat Kejadian",
    "Tanggal Kejadian",
    "Tanggal Laporan",
    "Nama Pelapor",
    "Nomor Telepon",
    "Email",
    "Anonim",
    "Rahasia",
)
"""The headers of an empty table to fill in."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The place of each field in a row."""

    places: Mapping[str, int]

    def fields(self, row: Sequence[str]) -> dict[str, str]:
        """What a row says, without what is empty."""
        found = {field: row[place].strip() for field, place in self.places.items() if place < len(row)}
        return {field: text for field, text in found.items() if text}

    @property
    def tell_what_happened(self) -> bool:
        """Whether there is a column that a report can be made of."""
        return "content" in self.places or "content_first" in self.places


def columns_of(headers: Sequence[str], named: Mapping[str, str] | None = None) -> Columns:
    """The columns under these headers. `named` says of a header, as it is written, which field it is, before all else.

    Raises Invalid for a field that does not exist, or a header that is not there.
    """
    words = [_words(header) for header in headers]
    places: dict[str, int] = {}
    for header, field in (named or {}).items():
        if field not in SPELLINGS:
            raise Invalid(f"there is no field {field!r}; choose one of {', '.join(SPELLINGS)}")
        if _words(header) not in words:
            raise Invalid(f"there is no column {header!r} in the table; it has {', '.join(filter(None, headers))}")
        places[field] = words.index(_words(header))
    for field, spelled in SPELLINGS.items():
        place = next((words.index(each) for each in spelled if each in words), None)
        if field not in places and place is not None and place not in places.values():
            places[field] = place
    return Columns(places)


def _words(header: str) -> str:
    return _NOT_WORDS.sub(" ", header.casefold()).strip()
