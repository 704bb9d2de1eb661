"""What the simulated national system insists on: the fields of each call, checked as a strict server checks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.base import Json

TITLE_LIMIT, CONTENT_LIMIT = 255, 10_000
_FILE_LIMIT = 20 * 1024 * 1024
_ATTACHMENTS = re.compile(r"\[([1-9]\d*(?:,[1-9]\d*)*)\]\.")
_PART_HEADER = re.compile(rb'(?:^|\r\n)content-disposition: form-data; name="([^"]*)"(?:; filename="([^"]*)")?', re.I)
_PART_TYPE = re.compile(rb"\r\ncontent-type: ([^\r\n]+)", re.I)

Errors = dict[str, list[str]]
Check = Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body; `file_name` is None for a plain field."""

    name: str
    content: bytes
    file_name: str | None
    media_type: str


def parts_of(content_type: str, body: bytes) -> list[Part] | None:
    """The parts of a multipart body, or None when it is none (RFC 7578, read strictly)."""
    kind, _, boundary = content_type.partition("boundary=")
    if not kind.startswith("multipart/form-data") or not boundary:
        return None
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.strip('"').encode())
    if len(pieces) < 2 or pieces[0] or pieces[-1].strip() != b"--":
        return None
    parts = [_part(piece) for piece in pieces[1:-1]]
    return [part for part in parts if part is not None] if None not in parts else None


def _part(piece: bytes) -> Part | None:
    head, gap, content = piece.partition(b"\r\n\r\n")
    found = _PART_HEADER.search(head)
    if not gap or found is None:
        return None
    kind = _PART_TYPE.search(head)
    file_name = None if found[2] is None else found[2].decode()
    return Part(found[1].decode(), content, file_name, kind[1].decode() if kind else "text/plain")


def file_errors(parts: list[Part]) -> Errors:
    """What is wrong with call 1."""
    errors: Errors = {}
    if not parts:
        errors["attachments"] = ["Berkas wajib diisi."]
    for place, part in enumerate(parts):
        if part.name != "attachments[]" or part.file_name is None:
            errors[part.name] = ["Isian ini tidak dikenal."]
        elif not part.content or len(part.content) > _FILE_LIMIT:
            errors[f"attachments.{place}"] = ["Ukuran berkas harus antara 1 byte dan 20 MB."]
    return errors


def complaint_errors(fields: Mapping[str, Json], own_institution: int, files: set[int]) -> Errors:
    """What is wrong with call 2."""
    checks = {**_COMPLAINT, **(_REPORTER if fields.get("is_new_user_slider") is True else {})}
    errors = _checked(fields, checks)
    if fields.get("disposition_id") != own_institution:
        errors["disposition_id"] = ["Disposisi awal harus ke instansi kanal sendiri."]
    wanted = attached_ids(fields.get("attachments"))
    if wanted is None or not wanted <= files:
        errors["attachments"] = ["Lampiran tidak dikenal."]
    return errors


def attached_ids(value: Json) -> set[int] | None:
    """The file ids of a complaint; None when the value has not the one form that is taken."""
    if value is False:
        return set()
    found = _ATTACHMENTS.fullmatch(value) if isinstance(value, str) else None
    return {int(each) for each in found[1].split(",")} if found else None


def pass_on_errors(fields: Mapping[str, Json], institutions: Mapping[int, str]) -> Errors:
    """What is wrong with call 3."""
    errors = _checked(fields, _PASS_ON)
    reason = str(fields.get("reason"))
    if not reason.isdigit() or int(reason) not in institutions:
        errors["reason"] = ["Instansi tujuan tidak dikenal."]
    return errors


def followup_errors(
    parts: list[Part], own_institution: int, institutions: Mapping[int, str], files: set[int]
) -> Errors:
    """What is wrong with call 6, apart from the complaint itself."""
    fields = {part.name: part.content.decode(errors="replace") for part in parts if part.file_name is None}
    attached = {part.name for part in parts if part.name.startswith("attachment[")}
    plain = {name: value for name, value in fields.items() if name not in attached}
    errors = _checked(plain, _FOLLOWUP)
    if plain.get("institution_from_id") != str(own_institution):
        errors["institution_from_id"] = ["Bukan instansi Anda."]
    if plain.get("institution_to_id") not in {str(each) for each in institutions}:
        errors["institution_to_id"] = ["Instansi tidak dikenal."]
    for name in attached & fields.keys():
        if not fields[name].isdigit() or int(fields[name]) not in files:
            errors[name] = ["Lampiran tidak dikenal."]
    return errors


def _checked(fields: Mapping[str, Json], checks: Mapping[str, Check]) -> Errors:
    errors = {name: ["Isian ini tidak dikenal."] for name in fields if name not in checks}
    for name, check in checks.items():
        problem = check(fields[name]) if name in fields else "Isian ini wajib ada."
        if problem is not None:
            errors[name] = [problem]
    return errors


def _text(limit: int) -> Check:
    def check(value: Any) -> str | None:
        fits = isinstance(value, str) and len(value.strip()) > 0 and len(value) <= limit
        return None if fits else f"Wajib berupa teks, paling banyak {limit} karakter."

    return check


def _is(*allowed: Json) -> Check:
    def check(value: Any) -> str | None:
        fits = any(value is each or (value == each and type(value) is type(each)) for each in allowed)
        return None if fits else f"Harus salah satu dari {list(allowed)}."

    return check


def _number(value: Any) -> str | None:
    return None if isinstance(value, int) and not isinstance(value, bool) and value > 0 else "Wajib berupa angka."


def _digits(value: Any) -> str | None:
    return None if isinstance(value, str) and value.isdigit() else "Wajib berupa angka."


def _anything(_: Any) -> str | None:
    return None


def _day(value: Any) -> str | None:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return "Wajib berupa tanggal."
    return None


def _tags(value: Any) -> str | None:
    fits = isinstance(value, str) and all(tag.startswith("#") for tag in value.split())
    return None if fits else "Tag diawali tanda pagar."


def _contact(value: Any) -> str | None:
    return None if value is None or (isinstance(value, str) and 0 < len(value) <= 255) else "Isian tidak sah."


_FLAG = _is(True, False)
_COMPLAINT: dict[str, Check] = {
    "title": _text(TITLE_LIMIT),
    "content": _text(CONTENT_LIMIT),
    "channel": _number,
    "is_new_user_slider": _FLAG,
    "user_id": _number,
    "is_inbox": _is(True),
    "is_disposisi_slider": _is(True),
    "classification_id": _number,
    "disposition_id": _number,
    "category_id": _number,
    "priority_program_id": _is(None),
    "location_id": _number,
    "community_id": _is(None),
    "date_of_incident": _day,
    "copy_externals": _is(None),
    "info_disposition": _is(None),
    "info_attachments": _is(None),
    "tags_raw": _tags,
    "is_approval": _is(False),
    "is_anonymous": _FLAG,
    "is_secret": _FLAG,
    "is_priority": _FLAG,
    "attachments": _anything,
}
_REPORTER: dict[str, Check] = {"emailUser": _contact, "nameUser": _contact, "phoneUser": _contact}
_PASS_ON: dict[str, Check] = {
    "is_request": _is(1),
    "reason": _anything,
    "reason_description": _text(1000),
    "not_authority": _is(1),
}
_FOLLOWUP: dict[str, Check] = {
    "user_id": _digits,
    "institution_from_id": _digits,
    "institution_to_id": _digits,
    "complaint_id": _digits,
    "info_disposition": _anything,
    "template_code": _anything,
    "rating": _is("", "1", "2", "3", "4", "5"),
    "is_secret": _is("0", "1"),
    "content": _text(CONTENT_LIMIT),
}
