"""The words of a report sorted: names of places and numbers, facts, and those that tell nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from functools import cache

from gateway.classify.model import load_model
from gateway.regions.book import upper_names
from gateway.screen import vocabulary
from gateway.terms import standard, stem_of
from gateway.wording import Met, words

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


class _Kind(Enum):
    """What a word is to whoever looks for names."""

    OTHER = auto()
    """It is no name, and ends one."""
    MAYBE = auto()
    """A name behind a marker, else nothing."""
    NAME = auto()
    """A name wherever it stands: no ordinary word."""
    PLACE = auto()
    """A region or a side: wider than a regency, or as wide."""
    MARKER = auto()
    TITLE = auto()
    NUMBER = auto()


def named_in(text: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Places and numbers of a text with the signs of its clauses, each with whether it is narrower than a regency."""
    marker, left = "", 0  # the word behind which a place is named, and how many words of the name may follow
    other = _Kind.OTHER
    for at, (word, kind) in enumerate(zip(text, map(_kinds.__getitem__, text), strict=True), start=1):
        if kind is other:
            marker, left = "", 0
        elif kind is _Kind.MARKER:
            marker, left = word, _NAME_WORDS
        elif kind is _Kind.TITLE and left:
            continue
        elif kind is _Kind.PLACE:
            yield word, False
        elif kind is _Kind.NUMBER:
            yield from _numbered(marker, word, text[at : at + 1])
            marker, left = "", 0
        else:
            if left or kind is _Kind.NAME:
                yield word, word not in _broad_words()
            marker, left = "", max(left - 1, 0)


def _numbered(marker: str, number: str, after: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The number of a place. Without a marker it is none where it is long, or counts what comes after it."""
    if marker or (len(number) < _LONG_NUMBER and _COUNTED.isdisjoint(after)):
        yield f"{marker}{int(number)}", True


def _kind_of(word: str) -> _Kind:
    if word in MARKERS:
        return _Kind.MARKER
    if word.isdigit():
        return _Kind.NUMBER
    if word in _SIDES or word in _region_words():
        return _Kind.PLACE
    if word in _TITLES:
        return _Kind.TITLE
    if _is_strange(word):
        return _Kind.NAME
    if not word.isalnum():
        return _Kind.OTHER
    dull = _not_names()
    return _Kind.OTHER if word in dull or stem_of(word) in dull else _Kind.MAYBE


_kinds = Met(_kind_of)


def _is_strange(word: str) -> bool:
    """Whether it is no ordinary word, nor one that is inflected: most likely a name."""
    return len(word) > 2 and word not in _ordinary_words() and stem_of(word) == word


def facts_of(text: Iterable[str]) -> set[str]:
    """The stems of what the words tell, the same for what is called by several names."""
    return set(map(_facts.__getitem__, text)) - {""}


def _fact_of(word: str) -> str:
    """What a word tells; empty for an idle one."""
    stem = stem_of(word)
    fact = _ALIASES.get(stem, stem)
    return "" if fact in _idle_words() else fact


_facts = Met(_fact_of)


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
