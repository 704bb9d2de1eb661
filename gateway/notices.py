"""The words of notices: from the facts of a report to what its reporter reads, in plain Indonesian and English.

No jargon, no identity, and of the report no more than a short title.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.cleaning import clean, clean_line, cut
from schemas.notice import Notice, NoticePurpose
from schemas.vocabulary import CaseStatus

EMERGENCY_NUMBERS = ("112", "119", "110")
EMERGENCY_CALL = (
    "DARURAT? Telepon sekarang: 112 (semua), 119 (ambulans), 110 (polisi). Kami bukan layanan darurat.",
    "EMERGENCY? Call now: 112 (all), 119 (ambulance), 110 (police). We are no emergency service.",
)
TITLE_SHOWN = 60
QUESTION_SHOWN = 1500

_AGENCY = ("instansi yang menangani", "the agency in charge")
_STATUS: dict[CaseStatus, tuple[str, str]] = {
    CaseStatus.UNVERIFIED: ("menunggu diperiksa", "is waiting to be checked"),
    CaseStatus.VERIFIED: ("sudah diperiksa", "has been checked"),
    CaseStatus.WAITING_FOR_REPORTER: ("menunggu keterangan dari Anda", "is waiting for more details from you"),
    CaseStatus.IN_PROCESS: ("sedang ditangani", "is being worked on"),
    CaseStatus.FOLLOWED_UP: ("sudah ditindaklanjuti", "has been followed up"),
    CaseStatus.ANSWERED_BY_REPORTER: ("sudah dilengkapi keterangan dari Anda", "has your further details"),
    CaseStatus.DONE: ("sudah selesai", "is done"),
    CaseStatus.CLOSED_BY_SYSTEM: ("ditutup karena melewati batas waktu", "was closed because its time ran out"),
    CaseStatus.CLOSED_BY_ADMIN: ("ditutup oleh petugas", "was closed by the staff"),
    CaseStatus.CLOSED_BY_REPORTER: ("ditutup atas permintaan Anda", "was closed as you wished"),
    CaseStatus.ARCHIVED_BY_ADMIN: ("diarsipkan oleh petugas", "was put on file by the staff"),
    CaseStatus.ARCHIVED_BY_SYSTEM: ("diarsipkan karena melewati batas waktu", "was put on file, its time ran out"),
    CaseStatus.ARCHIVED_BY_REPORTER: ("diarsipkan atas permintaan Anda", "was put on file as you wished"),
    CaseStatus.REJECTED: ("tidak dapat diproses", "cannot be dealt with"),
    CaseStatus.BLOCKED: ("tidak ditampilkan karena isinya", "is not shown because of what it says"),
}
_CLOSING = frozenset(
    {
        CaseStatus.DONE,
        CaseStatus.CLOSED_BY_SYSTEM,
        CaseStatus.CLOSED_BY_ADMIN,
        CaseStatus.CLOSED_BY_REPORTER,
        CaseStatus.ARCHIVED_BY_ADMIN,
        CaseStatus.ARCHIVED_BY_SYSTEM,
        CaseStatus.ARCHIVED_BY_REPORTER,
        CaseStatus.REJECTED,
        CaseStatus.BLOCKED,
    }
)
_RATED = frozenset(
    {CaseStatus.DONE, CaseStatus.CLOSED_BY_SYSTEM, CaseStatus.CLOSED_BY_ADMIN, CaseStatus.ARCHIVED_BY_SYSTEM}
)
"""Ends of which the reporter is asked what he thinks: an agency says that its part is done, or that time ran out."""
_ASKED_AT_THE_END = (
    "\nBalas BELUM SELESAI bila masalahnya belum beres, atau angka 1–5 untuk menilai (5 = sangat baik).",
    "\nReply BELUM SELESAI if it is not solved, or a number from 1 to 5 to rate it (5 is best).",
)
_ASKED: dict[str, tuple[str, str]] = {
    "content": ("apa yang terjadi", "what happened"),
    "location": ("di mana tempatnya (jalan, desa/kelurahan, kecamatan)", "where it is (street, village, district)"),
    "incident_date": ("kapan kejadiannya", "when it happened"),
    "nik": ("NIK yang benar (16 angka), bila Anda mencantumkannya", "the right NIK (16 digits), if you give one"),
}


@dataclass(frozen=True, slots=True)
class About:
    """The report that a notice is about, as far as a notice may tell it."""

    tracking_code: str
    title: str | None = None
    tracking_url: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands with one agency. `agency` is its name as people know it; None where none is known."""

    agency: str | None
    status_name: str | None
    status: CaseStatus | None


def notice_of_acknowledgement(about: About, at: datetime, *, held: bool = False, urgent: bool = False) -> Notice:
    """The report is kept. `held`: a person looks at it before it is handed on; `urgent`: whom to call comes first."""
    call = (f"{EMERGENCY_CALL[0]}\n", f"{EMERGENCY_CALL[1]}\n") if urgent else ("", "")
    more = ("\nPetugas akan membacanya dulu.", "\nA person will read it first.") if held else ("", "")
    return worded_notice(
        NoticePurpose.ACKNOWLEDGED,
        about,
        at,
        f"{call[0]}Laporan Anda sudah kami terima.{more[0]}\nKode: {about.tracking_code}\nSimpan kode ini. "
        "Balas STATUS untuk mengetahui perkembangannya, BATAL untuk mencabut laporan.",
        f"{call[1]}We have your report.{more[1]}\nCode: {about.tracking_code}\nKeep this code. "
        "Reply STATUS to learn how it stands, BATAL to take it back.",
    )


def notice_of_asking(about: About, at: datetime, missing: Sequence[str]) -> Notice:
    """What is missing, and nothing else, is asked for."""
    asked = [_ASKED[name] for name in missing if name in _ASKED] or [_ASKED["content"]]
    indonesian, english = ("; ".join(words) for words in zip(*asked, strict=True))
    told = worded_notice(
        NoticePurpose.ASKED,
        about,
        at,
        f"Terima kasih. Supaya laporan Anda bisa kami teruskan, mohon tulis: {indonesian}.\n"
        f"Balas saja di sini. Kode: {about.tracking_code}",
        f"Thank you. So that we can pass your report on, please write: {english}.\n"
        f"Just reply here. Code: {about.tracking_code}",
    )
    return told.model_copy(update={"missing": tuple(missing)})


def notice_of_status(about: About, at: datetime, standing: Standing) -> Notice:
    """An agency set another status; one that ends the matter makes a notice of closing."""
    closes = standing.status in _CLOSING
    indonesian, english = said_of(standing.agency, standing.status_name, standing.status)
    end = ("\nIni akhir penanganannya.", "\nThis ends the matter.") if closes else ("", "")
    asked = _ASKED_AT_THE_END if standing.status in _RATED else ("", "")
    told = worded_notice(
        NoticePurpose.CLOSED if closes else NoticePurpose.STATUS_CHANGED,
        about,
        at,
        f"Kabar tentang laporan Anda{_titled(about)}: {indonesian}.{end[0]}{asked[0]}\nKode: {about.tracking_code}",
        f"News of your report{_titled(about)}: {english}.{end[1]}{asked[1]}\nCode: {about.tracking_code}",
    )
    return _with_standing(told, standing)


def notice_of_question(about: About, at: datetime, agency: str | None, question: str) -> Notice:
    """An agency asks the reporter something. Of a long question the beginning is shown."""
    asked = cut(clean(question), QUESTION_SHOWN)
    indonesian, english = _named(agency)
    return worded_notice(
        NoticePurpose.QUESTION,
        about,
        at,
        f"{_capital(indonesian)} bertanya tentang laporan Anda{_titled(about)}:\n“{asked}”\n"
        f"Balas di sini untuk menjawab, paling lambat 10 hari kerja. Kode: {about.tracking_code}",
        f"{_capital(english)} asks about your report{_titled(about)} (see above). "
        f"Reply here within 10 working days. Code: {about.tracking_code}",
        agency=agency,
    )


def notice_of_answer(about: About, at: datetime, agency: str | None, answer: str) -> Notice:
    """An agency wrote something. Of a long answer the beginning is shown."""
    said = cut(clean(answer), QUESTION_SHOWN)
    indonesian, english = _named(agency)
    return worded_notice(
        NoticePurpose.STATUS_CHANGED,
        about,
        at,
        f"{_capital(indonesian)} menulis tentang laporan Anda{_titled(about)}:\n“{said}”\nKode: {about.tracking_code}",
        f"{_capital(english)} wrote about your report{_titled(about)} (see above). Code: {about.tracking_code}",
        agency=agency,
    )


def notice_of_non_delivery(about: About, at: datetime, agency: str | None) -> Notice:
    """An agency could not be given the report, or does not collect it."""
    indonesian, english = _named(agency)
    return worded_notice(
        NoticePurpose.NON_DELIVERY,
        about,
        at,
        f"Laporan Anda{_titled(about)} belum dapat disampaikan ke {indonesian}. Petugas kami sudah tahu dan akan "
        f"mengurusnya. Anda tidak perlu melapor lagi. Kode: {about.tracking_code}",
        f"Your report{_titled(about)} could not be given to {english} yet. Our staff know and will see to it. "
        f"You need not report it again. Code: {about.tracking_code}",
        agency=agency,
    )


def notice_of_lateness(about: About, at: datetime, agency: str | None) -> Notice:
    """An agency has the report and did not act within the time that the law gives it."""
    indonesian, english = _named(agency)
    return worded_notice(
        NoticePurpose.NON_DELIVERY,
        about,
        at,
        f"{_capital(indonesian)} belum menindaklanjuti laporan Anda{_titled(about)} dalam batas waktunya. Petugas kami "
        f"sudah tahu dan mengingatkannya. Anda tidak perlu melapor lagi. Kode: {about.tracking_code}",
        f"{_capital(english)} has not acted on your report{_titled(about)} within its time. Our staff know and "
        f"remind it. You need not report it again. Code: {about.tracking_code}",
        agency=agency,
    )


def worded_notice(
    purpose: NoticePurpose, about: About, at: datetime, indonesian: str, english: str, *, agency: str | None = None
) -> Notice:
    """A notice of these words, with the address of the tracking page below them where there is one.

    `agency`: whom it is about, as it is called.
    """
    page = about.tracking_url
    return Notice(
        purpose=purpose,
        text_id=f"{indonesian}\n{page}" if page else indonesian,
        text_en=f"{english}\n{page}" if page else english,
        tracking_code=about.tracking_code,
        created_at=at,
        title=cut(clean_line(about.title), TITLE_SHOWN) or None if about.title else None,
        tracking_url=page,
        agency=_short_agency(agency),
    )


def _with_standing(told: Notice, standing: Standing) -> Notice:
    name = cut(clean_line(standing.status_name), 120) or None if standing.status_name else None
    return told.model_copy(
        update={"agency": _short_agency(standing.agency), "status_name": name, "status": standing.status}
    )


def said_of(agency: str | None, status_name: str | None, status: CaseStatus | None) -> tuple[str, str]:
    """`di Kemenkes, laporan sedang ditangani`. A status that nobody knows is told as it came."""
    known = _STATUS.get(status) if status is not None else None
    if known is None:
        name = cut(clean_line(status_name or "-"), 120)
        known = (f"berstatus “{name}”", f"has the status “{name}”")
    short = _short_agency(agency)
    if short is None:
        return f"laporan {known[0]}", f"it {known[1]}"
    return f"di {short}, laporan {known[0]}", f"at {short}, it {known[1]}"


def _titled(about: About) -> str:
    title = cut(clean_line(about.title or ""), TITLE_SHOWN)
    return f" “{title}”" if title else ""


def _named(agency: str | None) -> tuple[str, str]:
    short = _short_agency(agency)
    return (short, short) if short else _AGENCY


def _short_agency(agency: str | None) -> str | None:
    return cut(clean_line(agency), 120) or None if agency else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
