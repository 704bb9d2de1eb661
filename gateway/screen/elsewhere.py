"""The words of matters that LAPOR! does not take up: courts, legislation, corruption and criminal cases."""

from __future__ import annotations

from gateway.screen.vocabulary import phrases

COURT = phrases(
    """pengadilan, sidang, persidangan, hakim, putusan, gugatan, kasasi, banding, terdakwa, vonis, jaksa, kejaksaan"""
)
"""Matters that a court has, or had: LAPOR! does not take them up."""

LEGISLATION = phrases(
    """undang undang, ruu, revisi uu, perppu, cabut uu,
    uu cipta kerja, judicial review, amandemen, peraturan presiden"""
)
"""Laws to be made or changed."""

CORRUPTION = phrases(
    """korupsi*, dikorup*, suap, menyuap, gratifikasi, pencucian uang, penggelapan, mark up,
    markup, fiktif, jual beli
    jabatan"""
)
"""Crimes of office."""

CRIME = phrases(
    """pencurian, maling, kemalingan, perampokan, begal, pembunuhan, pemerkosaan, narkoba, sabu, penipuan,
    penganiayaan, pemerasan, penculikan, perjudian"""
)
"""Crimes that the police must take up."""
