"""The cases of a certification: invented, and marked so that no officer works on one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

from adapters.contract import Case, CaseFile
from schemas.handoff import HandoffKind
from schemas.ids import new_id
from schemas.report import CONTENT_LIMIT, Attachment, Location, Message, Report
from schemas.tracking import new_tracking_code
from schemas.vocabulary import Classification

TAG = "uji-sertifikasi"
TITLE = "UJI SERTIFIKASI, JANGAN DIPROSES / CERTIFICATION TEST, DO NOT PROCESS"
CONTENT = (
    "Ini bukan laporan warga. Kasus ini dibuat oleh uji sertifikasi gateway dan akan ditarik kembali. "
    "This is no citizen's report. The gateway's certification made it, and will withdraw it."
)
_STRANGE = (
    'Tanda "kutip" \\ garis miring, baris\nbaru, tab\t, aksara \u1b29\u1b2e\u1b36 dan \ua997\ua9ae, \xe9 \xe8, '
    "\u6f22\u5b57, \U0001f3da\ufe0f \U0001f469\u200d\U0001f527, \u2028 dan <b>bukan HTML</b> & $1 % {x}"
)
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def plain_case(at: datetime) -> Case:
    """A report with little in it: what is not known is null."""
    report = Report(title=TITLE, content=CONTENT, is_anonymous=True, is_secret=True, tags=(TAG,))
    message = Message(sequence=0, received_at=at, text=CONTENT)
    return Case(
        handoff_id=new_id(at),
        report_id=new_id(at),
        tracking_code=new_tracking_code(),
        channel=TAG,
        kind=HandoffKind.REPORT,
        accepted_at=at.astimezone(UTC),
        report=report,
        messages=(message,),
        parameters={"certification": True},
    )


def full_case(at: datetime) -> Case:
    """A report with everything in it, and with characters that are often got wrong."""
    place = Location(
        province="Aceh",
        regency="Kab. Aceh Tengah",
        district="Lut Tawar",
        village="Ujung Gele",
        region_code="11.04.07.2008",
        address="Jl. K.H. Dewantara No. 1/A, RT 01 – RW 02",
        latitude=4.6262,
        longitude=96.8482,
    )
    plain = plain_case(at)
    content = f"{CONTENT}\n\n{_STRANGE}\n"
    content += "x" * (CONTENT_LIMIT - len(content))
    photo = Attachment(
        name="foto – lubang \U0001f573\ufe0f.png",
        media_type="image/png",
        size=len(_PIXEL),
        sha256=sha256(_PIXEL).hexdigest(),
    )
    report = plain.report.model_copy(
        update={
            "content": content,
            "classification": Classification.WITHOUT_SUPERVISION,
            "category_id": 119,
            "agency": "Dinas PUPR",
            "location": place,
            "incident_date": date(2026, 2, 28),
            "is_priority": True,
            "attachments": (photo,),
        }
    )
    first = Message(sequence=0, received_at=at, text=_STRANGE, location=place, attachments=(photo,))
    second = Message(sequence=1, received_at=at, text="Pesan kedua / A second message")
    files = (CaseFile(photo.name, photo.media_type, _PIXEL, photo),)
    return replace(plain, report=report, messages=(first, second), files=files)


def big_case(at: datetime, size: int) -> Case:
    """A report of at least so many bytes in many messages."""
    plain = plain_case(at)
    words = (CONTENT + " ") * (CONTENT_LIMIT // (len(CONTENT) + 1))
    messages = tuple(Message(sequence=one, received_at=at, text=words) for one in range(size // len(words) + 1))
    return replace(plain, messages=messages)


def later_case(first: Case, reference: str | None, kind: HandoffKind, at: datetime) -> Case:
    """An addition to a report, or its withdrawal."""
    words = "Pesan susulan uji / A later test message" if kind is HandoffKind.ADDITION else "Uji: laporan ditarik"
    message = Message(sequence=len(first.messages), received_at=at, text=words)
    prior = {"post": {"reference": reference}} if reference else {}
    return replace(first, handoff_id=new_id(at), kind=kind, messages=(message,), files=(), prior=dict(prior))
