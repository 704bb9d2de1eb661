"""LAPOR!'s own words: report classes and status names, as closed or open sets.

Source: the public pages of SP4N-LAPOR! and its published process (classes, statuses, working-day clocks).
"""

from __future__ import annotations

from enum import StrEnum


class Classification(StrEnum):
    """The class of a report (*Klasifikasi Laporan*)."""

    WITH_SUPERVISION = "pengaduan_berkadar_pengawasan"
    """A complaint that points at misconduct and calls for an inspection (60 working days)."""
    WITHOUT_SUPERVISION = "pengaduan_tidak_berkadar_pengawasan"
    """A complaint about a service (14 working days)."""
    INFORMATION = "permintaan_informasi"
    """A request for information (5 working days)."""
    ASPIRATION = "aspirasi"
    """A wish or proposal."""
    UNKNOWN = "belum_diklasifikasi"
    """Nobody has said yet; LAPOR!'s verifiers decide."""


CLASSIFICATION_NAMES: dict[Classification, str] = {
    Classification.WITH_SUPERVISION: "Pengaduan Berkadar Pengawasan",
    Classification.WITHOUT_SUPERVISION: "Pengaduan Tidak Berkadar Pengawasan",
    Classification.INFORMATION: "Permintaan Informasi",
    Classification.ASPIRATION: "Aspirasi",
    Classification.UNKNOWN: "Belum Diklasifikasi",
}


class CaseStatus(StrEnum):
    """Status names seen at LAPOR!; destinations may answer others, which are kept as they come."""

    UNVERIFIED = "Belum Terverifikasi"
    VERIFIED = "Terverifikasi"
    WAITING_FOR_REPORTER = "Menunggu Kelengkapan Informasi"
    IN_PROCESS = "Dalam Proses"
    FOLLOWED_UP = "Ditindaklanjuti oleh Instansi"
    ANSWERED_BY_REPORTER = "Ditanggapi oleh Pelapor"
    DONE = "Selesai"
    CLOSED_BY_SYSTEM = "Ditutup oleh Sistem"
    CLOSED_BY_ADMIN = "Ditutup oleh Admin"
    CLOSED_BY_REPORTER = "Ditutup oleh Pelapor"
    ARCHIVED_BY_ADMIN = "Diarsipkan oleh Admin"
    ARCHIVED_BY_SYSTEM = "Diarsipkan oleh Sistem"
    ARCHIVED_BY_REPORTER = "Diarsipkan oleh Pelapor"
    REJECTED = "Ditolak"
    BLOCKED = "Konten Terblokir"
    UNKNOWN = "Tidak Dikenal"
    """Any other name; the original text stays beside it."""
