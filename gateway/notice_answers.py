"""The words of answers to what reporters want of the gateway itself: how a report stands, taken back, told no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.cleaning import clean_line, cut
from gateway.notices import About, said_of, worded_notice
from schemas.handoff import HandoffState, LinkKind
from schemas.notice import Notice, NoticePurpose
from schemas.vocabulary import CaseStatus

_MOST_SHOWN = 8
_CONTENT = 4
"""From this rating on nobody is asked whether something is left to do."""
_STATES: dict[HandoffState, tuple[str, str]] = {
    HandoffState.PENDING: ("sedang diteruskan ke {0}", "is being passed on to {0}"),
    HandoffState.DELIVERED: ("sudah diterima {0}{1}", "was received by {0}{1}"),
    HandoffState.UNCERTAIN: ("sedang dipastikan sampai di {0}", "is being confirmed with {0}"),
    HandoffState.PARKED: ("belum sampai di {0}, sedang diurus petugas", "has not reached {0} yet, our staff see to it"),
}


@dataclass(frozen=True, slots=True)
class AtAgency:
    """How a report stands at one agency. `status_name` is the agency's own word for it, if it said any."""

    agency: str
    state: HandoffState
    reference: str | None = None
    status_name: str | None = None
    status: CaseStatus | None = None


def notice_of_standing(
    about: About, at: datetime, agencies: Sequence[AtAgency], *, asked: bool = False, withdrawn: bool = False
) -> Notice:
    """How a report stands everywhere. `asked`: it waits for the reporter's own details."""
    if withdrawn:
        lines = [("laporan sudah Anda cabut", "you took the report back")]
    else:
        lines = [_line(each) for each in agencies if each.state in _STATES][:_MOST_SHOWN]
    lines = lines or [
        ("menunggu keterangan dari Anda", "waits for more details from you")
        if asked
        else ("menunggu dibaca petugas", "waits to be read by our staff")
    ]
    indonesian, english = ("\n".join(f"- {text}" for text in texts) for texts in zip(*lines, strict=True))
    return worded_notice(
        NoticePurpose.STATUS_TOLD,
        about,
        at,
        f"Laporan Anda, kode {about.tracking_code}:\n{indonesian}",
        f"Your report, code {about.tracking_code}:\n{english}",
    )


def notice_of_link(about: About, at: datetime, kind: LinkKind) -> Notice:
    """The event had been reported before: the report follows the earlier one."""
    before = ("Anda", "you") if kind is LinkKind.AGAIN else ("warga lain", "somebody else")
    return worded_notice(
        NoticePurpose.STATUS_CHANGED,
        about,
        at,
        f"Kejadian ini sudah dilaporkan oleh {before[0]}. Laporan Anda kami gabungkan sebagai dukungan: keterangan "
        f"baru kami teruskan, dan kabar penanganannya kami sampaikan kepada Anda. Kode: {about.tracking_code}",
        f"This event was reported by {before[1]} before. Your report supports that one: what is new in it is passed "
        f"on, and you are told how it is dealt with. Code: {about.tracking_code}",
    )


def notice_of_withdrawal(about: About, at: datetime, *, before: bool = False) -> Notice:
    """The report is taken back. `before`: it was already."""
    code = about.tracking_code
    if before:
        indonesian = f"Laporan Anda, kode {code}, sudah dicabut sebelumnya."
        english = f"Your report, code {code}, had been taken back already."
    else:
        indonesian = f"Laporan Anda, kode {code}, sudah dicabut. Instansi yang telah menerimanya kami beri tahu."
        english = f"Your report, code {code}, is taken back. Agencies that have it are told."
    return worded_notice(NoticePurpose.WITHDRAWN, about, at, indonesian, english)


def notice_of_rating(about: About, at: datetime, rating: int) -> Notice:
    """The rating is kept and passed on; whoever is not content learns what else can be said."""
    more = (
        ("\nBila masalahnya belum beres, balas BELUM SELESAI.", "\nIf it is not solved, reply BELUM SELESAI.")
        if rating < _CONTENT
        else ("", "")
    )
    code = about.tracking_code
    return worded_notice(
        NoticePurpose.RATED,
        about,
        at,
        f"Terima kasih. Nilai Anda, {rating} dari 5, kami sampaikan kepada instansi yang menangani laporan {code}."
        f"{more[0]}",
        f"Thank you. Your rating, {rating} of 5, is passed on to the agencies that dealt with report {code}.{more[1]}",
    )


def notice_of_reopening(about: About, at: datetime) -> Notice:
    """The agencies are told that it is not solved, and what can be added."""
    code = about.tracking_code
    return worded_notice(
        NoticePurpose.REOPENED,
        about,
        at,
        f"Baik, laporan {code} kami buka kembali dan instansinya kami beri tahu bahwa masalahnya belum selesai.\n"
        "Balas di sini dengan keterangan atau foto terbaru bila ada.",
        f"All right, report {code} is open again, and its agencies are told that it is not solved.\n"
        "Reply here with details or a new photo if you have any.",
    )


def notice_of_silence(about: About, at: datetime) -> Notice:
    """Nothing more is told unasked."""
    return worded_notice(
        NoticePurpose.NOTICES_OFF,
        about,
        at,
        "Baik, kami tidak akan mengirim kabar lagi. Laporan Anda tetap diproses. Balas MULAI untuk menerima kabar, "
        "STATUS untuk bertanya.",
        "All right, we will send you no more news. Your report goes on. Reply MULAI to get news again, STATUS to ask.",
    )


def notice_of_speech(about: About, at: datetime) -> Notice:
    """Things are told again."""
    return worded_notice(
        NoticePurpose.NOTICES_ON,
        about,
        at,
        "Baik, kami akan mengirim kabar tentang laporan Anda lagi. Balas STOP untuk berhenti.",
        "All right, we will send you news of your reports again. Reply STOP to end it.",
    )


def _line(each: AtAgency) -> tuple[str, str]:
    agency = cut(clean_line(each.agency), 120)
    if each.state is HandoffState.DELIVERED and each.status_name is not None:
        return said_of(agency, each.status_name, each.status)
    number = cut(clean_line(each.reference), 60) if each.reference else ""
    numbers = (f" (nomor {number})", f" (number {number})") if number else ("", "")
    indonesian, english = _STATES[each.state]
    return indonesian.format(agency, numbers[0]), english.format(agency, numbers[1])
