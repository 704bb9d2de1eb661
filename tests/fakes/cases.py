"""Builders of reports and cases with invented content; every field can be changed by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from adapters.contract import Case, CaseFile
from schemas.handoff import HandoffKind
from schemas.report import Attachment, Location, Message, Report, Reporter
from schemas.vocabulary import Classification

ACCEPTED_AT = datetime(2026, 3, 2, 1, 15, 30, tzinfo=UTC)
REPORT_ID = UUID("019cac00-7b90-7c55-9a53-2f6f3c1d5e01")
HANDOFF_ID = UUID("019cac00-7b90-7c55-9a53-2f6f3c1d5e02")
ADDITION_ID = UUID("019cac00-7b90-7c55-9a53-2f6f3c1d5e03")
WITHDRAWAL_ID = UUID("019cac00-7b90-7c55-9a53-2f6f3c1d5e04")
TRACKING_CODE = "3PKR-RFPG-C6E6"

CONTENT = (
    "Jembatan gantung di Dusun Sukamaju sudah tiga minggu rusak. Papan lantainya lepas dan anak sekolah harus memutar "
    "enam kilometer. Mohon segera diperbaiki sebelum musim hujan."
)
PHOTO = b"\xff\xd8\xff\xe0 foto jembatan rusak"


def a_location(**changes: Any) -> Location:
    """A village in West Java."""
    place = {
        "province": "Jawa Barat",
        "regency": "Kabupaten Garut",
        "district": "Cisurupan",
        "village": "Sukamaju",
        "address": "Jembatan gantung RT 02 RW 05",
        "latitude": -7.3216,
        "longitude": 107.7871,
    }
    return Location.model_validate(place | changes)


def a_photo(**changes: Any) -> Attachment:
    """A photo whose bytes are `PHOTO`; `source` and `stored` are set, as the gateway has them."""
    photo = {
        "name": "jembatan.jpg",
        "media_type": "image/jpeg",
        "size": len(PHOTO),
        "sha256": sha256(PHOTO).hexdigest(),
        "source": "media-rahasia-4410027",
        "stored": "0a/berkas-tersegel",
    }
    return Attachment.model_validate(photo | changes)


def a_file(**changes: Any) -> CaseFile:
    """The bytes of `a_photo`."""
    return CaseFile(**({"name": "jembatan.jpg", "media_type": "image/jpeg", "content": PHOTO} | changes))


def a_report(**changes: Any) -> Report:
    """A complaint about a broken bridge, with a photo."""
    report = {
        "title": "Jembatan gantung rusak di Sukamaju",
        "content": CONTENT,
        "classification": Classification.WITHOUT_SUPERVISION,
        "category_id": 119,
        "agency": "Dinas Pekerjaan Umum Kabupaten Garut",
        "location": a_location(),
        "incident_date": date(2026, 2, 9),
        "attachments": (a_photo(),),
    }
    return Report.model_validate(report | changes)


def a_reporter(**changes: Any) -> Reporter:
    """A person who does not exist. No part of it stands in the other builders' texts."""
    person = {
        "name": "Wulandari Kusumaningtyas",
        "phone": "+628110009988",
        "email": "wulandari.k@contoh.example",
        "nik": "3205994401990007",
        "address": "Kampung Ciburial 12, Tarogong",
    }
    return Reporter.model_validate(person | changes)


def a_message(**changes: Any) -> Message:
    """The first message of `a_report`."""
    message = {
        "sequence": 0,
        "received_at": ACCEPTED_AT,
        "text": CONTENT,
        "location": a_location(),
        "attachments": (a_photo(),),
    }
    return Message.model_validate(message | changes)


def a_case(**changes: Any) -> Case:
    """A report owed to a destination that may not see the reporter; nothing is done yet."""
    case = Case(
        handoff_id=HANDOFF_ID,
        report_id=REPORT_ID,
        tracking_code=TRACKING_CODE,
        channel="whatsapp-garut",
        kind=HandoffKind.REPORT,
        accepted_at=ACCEPTED_AT,
        report=a_report(),
        messages=(a_message(),),
        parameters={"institution": "4", "institution_name": "Kementerian Pekerjaan Umum"},
    )
    return replace(case, **changes)


def an_addition(**changes: Any) -> Case:
    """A later message about `a_case`, with a photo of its own; `prior` is for the caller to give."""
    later = a_message(
        sequence=1,
        received_at=datetime(2026, 3, 2, 6, 40, tzinfo=UTC),
        text="Tambahan: pagi ini satu tali penyangga ikut putus.",
        location=None,
        attachments=(a_photo(name="tali-putus.jpg"),),
    )
    added = {"handoff_id": ADDITION_ID, "kind": HandoffKind.ADDITION, "messages": (later,)}
    return a_case(**(added | changes))


def a_withdrawal(**changes: Any) -> Case:
    """The reporter takes `a_case` back; `prior` is for the caller to give."""
    last = a_message(
        sequence=2,
        received_at=datetime(2026, 3, 4, 2, 5, tzinfo=UTC),
        text="Laporan saya tarik kembali, jembatannya sudah diperbaiki warga.",
        location=None,
        attachments=(),
    )
    withdrawn = {"handoff_id": WITHDRAWAL_ID, "kind": HandoffKind.WITHDRAWAL, "messages": (last,)}
    return a_case(**(withdrawn | changes))


def identity_of(reporter: Reporter) -> list[str]:
    """Every string by which the person could be known, for searching."""
    return [value for value in reporter.model_dump().values() if value]
