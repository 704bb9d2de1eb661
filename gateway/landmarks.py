"""The words of a report sorted: names of places and numbers, facts, and those that tell nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from gateway.classify.model import load_model
from gateway.regions.book import upper_names
from gateway.screen import vocabulary
from gateway.terms import standard, stem_of
from gateway.wording import words

MARKERS = frozenset(
    """jalan jl gang gg desa kelurahan kecamatan kabupaten kota dusun dukuh kampung perumahan perum komplek kompleks
    griya graha cluster blok rt rw km pasar jembatan kali sungai simpang terminal stasiun puskesmas rsud sd sdn smp
    smpn sma sman smk smkn mts man tk pos tol no nomor lorong banjar nagari perempatan pertigaan kebon""".split()  # noqa: SIM905
)
"""Words behind which a place is named."""
_TITLES = frozenset("raya jend jenderal kh kyai dr prof ir haji h letjen mayjen negeri nomor no".split())  # noqa: SIM905
_SIDES = frozenset("utara selatan timur barat tengah atas bawah kiri kanan lor kidul wetan kulon".split())  # noqa: SIM905
_COUNTED = frozenset(
    """hari minggu bulan tahun jam menit detik orang kali meter m cm ribu rb juta jt persen kk warga motor mobil
    unit titik buah ekor pagi siang sore malam wib wita wit poe dino taun wulan minggon satu dua tiga empat lima
    enam tujuh delapan sembilan sepuluh belas puluh ratus loro telu papat hiji opat tilu senin selasa rabu kamis
    jumat sabtu ahad januari februari maret april mei juni juli agustus september oktober november desember""".split()  # noqa: SIM905
)
"""What a number counts: not the number of a place."""
_BEFORE = frozenset("jam pukul tanggal tgl tahun sejak selama sekitar sudah rp umur usia pkl".split())  # noqa: SIM905
_FUNCTION = frozenset(
    """yang dan di ke dari ini itu ada tidak sudah belum juga untuk dengan karena saya kami kita saat pada oleh
    akan bisa agar supaya jadi sangat sekali lagi masih hanya saja atau tapi tetapi kalau lah pun nya ya pak bu
    bapak ibu min admin selamat siang pagi sore malam halo terima kasih terimakasih mau sama banyak sering terus
    sampai hingga para serta bagi dalam setiap tiap adalah sebagai kepada bahwa tersebut apa dekat depan
    belakang samping sebelah seberang sekitar arah sepanjang antara tempat lokasi daerah wilayah dulu""".split()  # noqa: SIM905
)
_KINDS = frozenset({"kabupaten", "kota", "administrasi"})
_NAME_WORDS = 2
_LONG_NUMBER = 6
_ALIASES = {
    "pju": "lampu",
    "terang": "lampu",
    "bolong": "lubang",
    "jeglong": "lubang",
    "jatoh": "jatuh",
    "amblas": "ambles",
}


def named_in(text: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Places and numbers of a clause, each with whether it is narrower than a regency."""
    regions, dull = _region_words(), _not_names()
    marker, left = "", 0  # the word behind which a place is named, and how many words of the name may follow
    for word, after in pairwise((*text, "")):
        if word in MARKERS:
            marker, left = word, _NAME_WORDS
        elif word in _TITLES and left:
            continue
        elif word.isdigit():
            if marker or (after not in _COUNTED and len(word) < _LONG_NUMBER):
                yield f"{marker}{int(word)}", True
            marker, left = "", 0
        elif word in _SIDES or word in regions:
            yield word, False
        elif (left and word not in dull and stem_of(word) not in dull) or _is_strange(word):
            yield word, word not in _broad_words()
            marker, left = "", left - 1 if left else 0
        else:
            marker, left = "", 0


def _is_strange(word: str) -> bool:
    """Whether it is no ordinary word, nor one that is inflected: most likely a name."""
    return len(word) > 2 and word not in _ordinary_words() and stem_of(word) == word


def facts_of(text: Iterable[str]) -> set[str]:
    """The stems of what the words tell, the same for what is called by several names."""
    return {_ALIASES.get(stem, stem) for stem in map(stem_of, text)} - _idle_words()


@cache
def _region_words() -> frozenset[str]:
    names = ([word for word in words(name) if word not in _KINDS] for name in upper_names().values())
    return frozenset(name[0] for name in names if len(name) == 1) - _not_names()


@cache
def _broad_words() -> frozenset[str]:
    """Words of the names of provinces and regencies: no place that two people must mean both."""
    return frozenset(word for name in upper_names().values() for word in words(name))


@cache
def _ordinary_words() -> frozenset[str]:
    model = load_model()
    known = {one.removeprefix("=") for one in (*model.counted, *model.told)}
    return frozenset(known) | _not_names()


@cache
def _not_names() -> frozenset[str]:
    """Words, and stems, that stand behind a marker and name nothing: `jalan rusak`, `desa kami`."""
    groups = (vocabulary.PROBLEM, vocabulary.ACTION, vocabulary.PLACE, vocabulary.AGENCY, vocabulary.SINCE)
    known = _spelled(*groups, vocabulary.COURTESY, _FUNCTION, MARKERS, _COUNTED, _BEFORE)
    return known | frozenset(map(stem_of, known))


@cache
def _idle_words() -> frozenset[str]:
    """Stems that say nothing of what happened."""
    groups = (vocabulary.ACTION, vocabulary.PLACE, vocabulary.SINCE, vocabulary.COURTESY)
    known = _spelled(*groups, _FUNCTION, MARKERS, _TITLES, _COUNTED, _BEFORE)
    return known | frozenset(map(stem_of, known))


def _spelled(*groups: Iterable[str]) -> frozenset[str]:
    return frozenset(word for group in groups for phrase in group for word in standard(words(phrase)))
