"""A filled WhatsApp form (Flow), read into our fields.

The names in a form are up to whoever made it; `README.md` lists those that are understood. What is not understood
becomes a line of the text, so that nothing the reporter wrote is lost. Identity never goes into the text: what of it
does not fit stays in the message as it came.

https://developers.facebook.com/documentation/business-messaging/whatsapp/flows/guides/receiveflowresponse
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from adapters.channels.whatsapp.answers import TAKERS, rendered
from adapters.channels.whatsapp.shapes import CarriesNothing, PickedFile
from adapters.contract import InboundMessage
from schemas.base import Json
from schemas.report import Attachment, Location, Reporter

FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "judul", "judul_laporan", "subject"),
    "content": ("content", "isi", "isi_laporan", "uraian", "deskripsi", "description", "details"),
    "category_id": ("category_id", "kategori_id", "id_kategori"),
    "classification": ("classification", "klasifikasi", "jenis_laporan"),
    "agency": ("agency", "instansi", "instansi_tujuan"),
    "incident_date": ("incident_date", "tanggal_kejadian", "date_of_incident"),
    "is_anonymous": ("is_anonymous", "anonim", "anonymous"),
    "is_secret": ("is_secret", "rahasia", "secret"),
    "location.address": ("location", "lokasi", "lokasi_kejadian", "alamat_kejadian"),
    "location.province": ("province", "provinsi"),
    "location.regency": ("regency", "kabupaten", "kota", "kabupaten_kota"),
    "location.district": ("district", "kecamatan"),
    "location.village": ("village", "kelurahan", "desa", "kelurahan_desa"),
    "location.region_code": ("region_code", "kode_wilayah"),
    "location.latitude": ("latitude", "lat", "lintang"),
    "location.longitude": ("longitude", "lng", "long", "bujur"),
    "reporter.name": ("name", "nama", "nama_lengkap", "nama_pelapor"),
    "reporter.nik": ("nik", "nomor_ktp", "no_ktp", "ktp"),
    "reporter.phone": ("phone", "telepon", "no_hp", "nomor_hp", "no_telepon", "nomor_telepon"),
    "reporter.email": ("email", "surel"),
    "reporter.address": ("address", "alamat", "alamat_pelapor"),
}
_MEANING = {name: field for field, names in FIELD_NAMES.items() for name in names}
_NOT_ANSWERS = frozenset({"flow_token"})
_BUILDER_MARKS = re.compile(r"\Ascreen_\d+_|_\d+\Z")  # Meta's form builder makes names such as screen_0_Judul_0
_files = TypeAdapter(tuple[PickedFile, ...])

_MakeAttachment = Callable[[str, str, str, str | None], Attachment]


def read_flow(base: InboundMessage, response_json: str, make_attachment: _MakeAttachment) -> InboundMessage:
    """`base` with what the form says. Raises CarriesNothing when it is no JSON object."""
    taken: dict[str, Any] = {}
    lines: list[str] = []
    picked: list[PickedFile] = []
    for name, value in _answers(response_json):
        files = _picked(value)
        field = _MEANING.get(_plain(name))
        understood = TAKERS[field](value) if field is not None and field not in taken else None
        if files:
            picked += files
        elif field is not None and understood is not None:
            taken[field] = understood
        else:
            lines += _line(name, value, field)
    attachments = (make_attachment(one.id, one.file_name or one.id, one.mime_type, one.sha256) for one in picked)
    return _filled(base, taken, lines, tuple(attachments))


def _answers(response_json: str) -> list[tuple[str, Json]]:
    """Names and values; those of a place that has its own stand among the others."""
    try:
        answers = orjson.loads(response_json)
        orjson.dumps(answers)
    except (orjson.JSONDecodeError, TypeError):  # TypeError: nested too deeply to be written again
        raise CarriesNothing("flow_not_json") from None
    if not isinstance(answers, dict):
        raise CarriesNothing("flow_not_an_object")
    flat: list[tuple[str, Json]] = []
    for name, value in answers.items():
        if isinstance(value, dict) and _MEANING.get(_plain(name)) == "location.address":
            flat += value.items()
        elif name not in _NOT_ANSWERS:
            flat.append((name, value))
    return flat


def _plain(name: str) -> str:
    return _BUILDER_MARKS.sub("", name.strip().lower().replace(" ", "_").replace("-", "_"))


def _label(name: str) -> str:
    """What a line is called: the name as it was given, or as it was before the form builder made a name of it."""
    bare = name.strip()
    return _BUILDER_MARKS.sub("", bare).replace("_", " ") if bare.startswith("screen_") else bare


def _picked(value: Json) -> tuple[PickedFile, ...]:
    if not isinstance(value, list) or not value:
        return ()
    try:
        return _files.validate_python(value)
    except ValidationError:
        return ()


def _line(name: str, value: Json, field: str | None) -> Iterator[str]:
    text = rendered(value)
    if text and not (field or "").startswith("reporter."):
        yield f"{_label(name)}: {text}"


def _filled(
    base: InboundMessage, taken: Mapping[str, Any], lines: list[str], attachments: tuple[Attachment, ...]
) -> InboundMessage:
    place = _group(taken, "location.")
    person = _group(taken, "reporter.")
    own = {field: value for field, value in taken.items() if "." not in field and field != "content"}
    return replace(
        base,
        **own,
        content="\n".join((*filter(None, (taken.get("content"),)), *lines)),
        location=Location(**place) if place else None,
        reporter=(base.reporter or Reporter()).model_copy(update=person) if person else base.reporter,
        attachments=attachments,
    )


def _group(taken: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {field.removeprefix(prefix): value for field, value in taken.items() if field.startswith(prefix)}
