"""A case as the JSON that destinations are handed: the same bytes for the same case, whenever it is sent."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

import orjson

from adapters.contract import Case, CaseFile
from schemas.base import Json
from schemas.handoff import HandoffKind
from schemas.report import Attachment, Location, Message, Reporter
from schemas.vocabulary import CLASSIFICATION_NAMES

TYPES: dict[HandoffKind, str] = {
    HandoffKind.REPORT: "case.created",
    HandoffKind.ADDITION: "case.added",
    HandoffKind.WITHDRAWAL: "case.withdrawn",
}


def case_body(case: Case, *, prior_reference: str | None, send_files: bool) -> bytes:
    """The case in JSON. Files lie in `case` when the case is created, in the messages when they are added later."""
    created = case.kind is HandoffKind.REPORT
    files = list(case.files)
    return orjson.dumps(
        {
            "type": TYPES[case.kind],
            "id": str(case.report_id),
            "tracking_code": case.tracking_code,
            "channel": case.channel,
            "accepted_at": _time(case.accepted_at),
            "case": _case(case, files, send_files=send_files and created),
            "messages": [_message(message, files, send_files=send_files and not created) for message in case.messages],
            "prior_reference": prior_reference,
        }
    )


def lists_of(case: Case, *, send_files: bool) -> dict[str, Json]:
    """What a template may name besides single fields: the attachments and the messages, as in the body above.

    The bytes of files stand once: with the attachments when the case is created, in the messages later.
    """
    created, files = case.kind is HandoffKind.REPORT, list(case.files)
    return {
        "attachments": _attachments(case.report.attachments, files, send_files=send_files and created),
        "messages": [_message(message, files, send_files=send_files and not created) for message in case.messages],
    }


def _case(case: Case, files: list[CaseFile], *, send_files: bool) -> dict[str, Json]:
    report = case.report
    return {
        "title": report.title,
        "content": report.content,
        "classification": report.classification.value,
        "classification_name": CLASSIFICATION_NAMES[report.classification],
        "category_id": report.category_id,
        "agency": report.agency,
        "location": _location(report.location),
        "incident_date": report.incident_date.isoformat() if report.incident_date else None,
        "is_anonymous": report.is_anonymous,
        "is_secret": report.is_secret,
        "is_priority": report.is_priority,
        "tags": list(report.tags),
        "attachments": _attachments(report.attachments, files, send_files=send_files),
        "reporter": None if report.is_anonymous else _reporter(case.reporter),
        "parameters": dict(case.parameters),
    }


def _message(message: Message, files: list[CaseFile], *, send_files: bool) -> dict[str, Json]:
    return {
        "sequence": message.sequence,
        "received_at": _time(message.received_at),
        "text": message.text,
        "location": _location(message.location),
        "attachments": _attachments(message.attachments, files, send_files=send_files),
        **({"rating": message.rating} if message.rating is not None else {}),
    }


def _location(location: Location | None) -> Json:
    return None if location is None else location.model_dump(mode="json")


def _reporter(reporter: Reporter | None) -> Json:
    return None if reporter is None else reporter.model_dump(mode="json")


def _time(at: datetime) -> str:
    """In UTC: the same instant must give the same bytes, from whichever database it was read."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _attachments(attachments: Iterable[Attachment], files: list[CaseFile], *, send_files: bool) -> list[Json]:
    """Never `source` or `stored`: these are the gateway's own, and may hold a vendor's token."""
    if not send_files:
        return [_described(attachment) for attachment in attachments]
    return [_with_bytes(attachment, _taken(attachment, files)) for attachment in attachments]


def _described(attachment: Attachment) -> dict[str, Json]:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }


def _with_bytes(attachment: Attachment, file: CaseFile | None) -> dict[str, Json]:
    if file is None:
        return {**_described(attachment), "content_base64": None}
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": len(file.content),
        "sha256": sha256(file.content).hexdigest(),
        "content_base64": b64encode(file.content).decode("ascii"),
    }


def _taken(attachment: Attachment, files: list[CaseFile]) -> CaseFile | None:
    """The attachment's file, removed from `files`; None when its bytes could not be had.

    Files come in the order of the attachments, some may be missing.
    """
    for place, file in enumerate(files):
        if _is_of(file, attachment):
            return files.pop(place)
    return None


def _is_of(file: CaseFile, attachment: Attachment) -> bool:
    if file.of is not None:
        return file.of == attachment
    if (file.name, file.media_type) != (attachment.name, attachment.media_type):
        return False
    return attachment.sha256 is None or attachment.sha256 == sha256(file.content).hexdigest()
