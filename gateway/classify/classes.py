"""Which of LAPOR!'s classes a report belongs to, by how it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.terms import standard
from gateway.wording import index_phrases, words
from schemas.vocabulary import Classification

SURE = 0.9
"""From this probability on the class is taken without a person."""


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(standard(words(part))) for part in text.split(","))


_MISCONDUCT = _phrases(
    """pungli, pungutan liar, korupsi, dikorupsi, dikorup, suap, menyuap, sogok, nyogok, menyogok, gratifikasi,
    nepotisme, kolusi, kkn, penyalahgunaan wewenang, menyalahgunakan wewenang, menyalahgunakan, penyelewengan,
    diselewengkan, uang damai, uang pelicin, uang rokok, mark up, markup, fiktif, jual beli jabatan, jatah proyek,
    jatah, dana desa, memeras, pemerasan, dipungli, fee proyek, netralitas, kampanye, paslon, nyoblos, tanah kas desa,
    mobil dinas, memperkaya, melecehkan, penggelapan, sim nembak, nembak, disunat, oknum polisi, oknum petugas,
    oknum pegawai, oknum asn"""
)
_OFFICIAL = _phrases(
    """petugas, oknum, pegawai, polisi, polsek, polres, camat, lurah, kades, kepala desa, bupati, walikota, gubernur,
    kadis, kepala dinas, asn, pns, panitia, staf, loket, kantor, kecamatan, kelurahan, samsat, dinas, perangkat desa,
    pejabat, kepala sekolah, guru"""
)
_MONEY_ASKED = _phrases("minta uang, minta bayaran, minta 100rb, dimintai uang, dimintain uang, bayar, minta, jatah")
_ASKING = _phrases(
    """apa syarat, syaratnya apa, syarat, syaratnya, persyaratan, persyaratannya, bagaimana cara, bagaimana caranya,
    cara daftar, cara mengurus, cara bayar, caranya, mau tanya, ingin bertanya, numpang tanya, mau nanya, tanya,
    apakah bisa, apa bisa, bisa tidak ya, mohon informasi, mohon info, minta info, info, informasi, jadwal,
    bagaimana prosedur, prosedur, kapan cair, kapan dibuka, kapan ya, berapa ya, berapa biaya, sampai tanggal berapa,
    berapa, kemana ya, di mana ya, dimana ya, apakah boleh, boleh tidak, syarat bikin, cara"""
)
_WISHING = _phrases(
    """usul, usulan, mengusulkan, saran, saran saya, menyarankan, aspirasi, semoga, alangkah baiknya, sebaiknya,
    mestinya, seandainya, kalau bisa, tambahin dong, mohon dibangun, perlu dibangun, ide, harapan kami, berharap,
    saya berharap, sekiranya, mohon diadakan, agar dibangun, upami tiasa"""
)
_WRONG = _phrases(
    """rusak, mati, belum, tidak, error, eror, bau, macet, banjir, ditolak, nolak, dipersulit, hilang, lambat, mahal,
    langka, kosong, habis, bocor, mampet, meresahkan, mengganggu, ganggu, sampah, kotor, nipu, tipu, ditahan, telat,
    padahal, terus, nunggak, longsor, bolong, berlubang, dipotong, gagal, roboh, ambruk, naik, liar, parah, kecewa,
    mengeluh, keluhan, keberatan, dicoret, lama"""
)
_INDEX = index_phrases(_MISCONDUCT | _OFFICIAL | _MONEY_ASKED | _ASKING | _WISHING | _WRONG)


@dataclass(frozen=True, slots=True)
class ClassGuess:
    """A class and how sure it is."""

    classification: Classification
    probability: float


def guess_class(text: Sequence[str]) -> ClassGuess:
    """The class of a report from its words, as `gateway.terms.standard` spells them."""
    found = _INDEX.find(text)
    misconduct, wrong = len(found & _MISCONDUCT), len(found & _WRONG)
    if misconduct or (found & _OFFICIAL and "minta uang" in found):
        sure = misconduct > 1 or bool(found & _OFFICIAL)
        return ClassGuess(Classification.WITH_SUPERVISION, 0.9 if sure else 0.7)
    asking, wishing = len(found & _ASKING), len(found & _WISHING)
    if wishing and wishing >= wrong:
        return ClassGuess(Classification.ASPIRATION, 0.9 if wishing > wrong + 1 else 0.75)
    if asking > wrong:
        return ClassGuess(Classification.INFORMATION, 0.9 if asking > wrong + 1 else 0.75)
    return ClassGuess(Classification.WITHOUT_SUPERVISION, 0.93 if wrong and not asking and not wishing else 0.8)
