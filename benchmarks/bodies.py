"""The reports that are posted: 2 KB of JSON each, as full as a channel service sends them, each of a place of its own.

A mark in the text tells at the destination which report it is.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from functools import cache

from gateway.regions.book import district_names, region_parts

BYTES = 2048
MARK = re.compile(rb"#(\d{9})#")
_TROUBLES = ("jalan berlubang", "lampu jalan padam", "air bersih mati", "sampah menumpuk", "jembatan retak")
_STREETS = ("Melati", "Kenanga", "Cihanjuang", "Gatot Subroto", "Sangkuriang", "Encep Kartawiria", "Ria", "Pesantren")
_SENTENCES = (
    "Kejadian ini sudah berlangsung lebih dari dua minggu dan belum ada petugas yang datang memeriksa.",
    "Anak-anak yang berangkat sekolah terpaksa berjalan di badan jalan karena trotoarnya tidak bisa dilewati.",
    "Kemarin malam seorang pengendara motor terjatuh di tempat itu, untung tidak ada yang terluka parah.",
    "Warga sudah bergotong royong menutup sebagian dengan tanah, tetapi setiap hujan terbawa air lagi.",
    "Kami sudah melapor kepada ketua RT dan kelurahan, jawabannya masih menunggu anggaran.",
    "Di sekitar lokasi ada sebuah puskesmas dan pasar kecil sehingga lalu lintasnya cukup ramai.",
    "Pada malam hari tempat itu gelap sekali dan beberapa ibu takut pulang dari pengajian.",
    "Mohon kiranya dinas terkait dapat meninjau ke lapangan dan memberi tahu kami kapan akan ditangani.",
    "Foto akan kami kirimkan menyusul kalau diperlukan, karena sinyal di sini kurang baik.",
    "Tahun lalu pernah diperbaiki, tetapi hanya bertahan sekitar tiga bulan lalu rusak kembali.",
    "Bau tidak sedap tercium sampai ke rumah-rumah dan lalat mulai banyak di dapur warga.",
    "Pedagang di depan gang mengeluh karena pembeli enggan mampir sejak keadaan menjadi seperti ini.",
    "Truk pengangkut barang yang lewat setiap pagi membuat keadaannya bertambah buruk.",
    "Kami berharap ada rambu sementara supaya orang yang belum tahu bisa berhati-hati.",
    "Tetangga saya yang sudah lanjut usia tidak berani keluar rumah sendiri lagi.",
    "Terima kasih atas perhatian Bapak dan Ibu, semoga segera ada jalan keluarnya.",
)


def reports(first: int, count: int) -> Iterator[tuple[int, bytes]]:
    """Numbered reports from `first` on, as JSON of `BYTES` bytes."""
    for number in range(first, first + count):
        yield number, _report(number)


def _district(chance: random.Random) -> Mapping[str, str]:
    """Any district of the country, with its code and what it lies in: a day's reports come from everywhere."""
    code = chance.choice(_codes())
    return {**region_parts(code), "region_code": code}


@cache
def _codes() -> tuple[str, ...]:
    return tuple(sorted(district_names()))


def _report(number: int) -> bytes:
    chance = random.Random(number)  # noqa: S311  (text that differs, the same in every run)
    trouble, street = chance.choice(_TROUBLES), chance.choice(_STREETS)
    report: dict[str, object] = {
        "message_id": f"bench-{number:09}",
        "title": f"{trouble.capitalize()} di Jalan {street} {number}",
        "classification": "pengaduan_tidak_berkadar_pengawasan",
        "location": {
            **_district(chance),
            "address": f"Jalan {street} nomor {number}, RT 03 RW 07",
            "latitude": round(-6.0 - number % 1_000 / 400, 4),
            "longitude": round(106.0 + number // 1_000 % 1_000 / 200, 4),
        },
        "incident_date": "2026-01-05",
        "is_anonymous": False,
        "is_secret": False,
        "reporter": {
            "name": f"Warga Contoh {number}",
            "phone": f"0811{number % 100_000_000:08}",
            "email": f"warga{number}@example.org",
            "address": f"Jalan {street} nomor {number}",
        },
        "extra": {"desk": number % 9, "device": "tablet-loket", "operator": f"petugas-{number % 40}"},
    }
    begins = f"Laporan #{number:09}#: {trouble} di Jalan {street} dekat nomor {number}. "
    missing = BYTES - len(json.dumps(report | {"content": begins}))
    text = " ".join(chance.sample(_SENTENCES, len(_SENTENCES)))
    return json.dumps(report | {"content": begins + text[:missing]}).encode()
