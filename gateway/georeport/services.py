"""The service list: LAPOR!'s categories as Open311 services, and the questions that a client may ask beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

import orjson

from gateway.categories import load_categories
from schemas.vocabulary import CLASSIFICATION_NAMES, Classification

OTHER = "0"
"""The service of whoever does not know the category; the gateway then tells it from the text."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `category_id` is LAPOR!'s; None for the one that is all others."""

    code: str
    name: str
    group: str
    category_id: int | None

    def listed(self) -> dict[str, Any]:
        """Its entry in the list (GET Service List)."""
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": self.name if self.category_id else f"{self.name}: gateway menentukan / the gateway decides",
            "metadata": True,
            "type": "realtime",
            "keywords": ", ".join(dict.fromkeys(self.name.lower().replace(",", " ").split())),
            "group": self.group,
        }

    def defined(self) -> dict[str, Any]:
        """Its definition (GET Service Definition): the same optional questions for every service."""
        return {"service_code": self.code, "attributes": [dict(each) for each in _ATTRIBUTES]}


@cache
def load_services() -> Mapping[str, Service]:
    """Every service by its code: the categories whose ids are known, by group and name, then all others."""
    known = sorted(load_categories().by_id.values(), key=lambda each: (each.parent, each.name, each.id))
    found = {str(each.id): Service(str(each.id), each.name, each.parent, each.id) for each in known}
    return found | {OTHER: Service(OTHER, "Belum tahu / lainnya (Not sure, other)", "LAINNYA", None)}


def service_of(category_id: int | None) -> Service:
    """The service that a report's category is; all others where it has none, or one that is not in the list."""
    services = load_services()
    return services.get(str(category_id), services[OTHER])


@cache
def changeset() -> str:
    """A word that changes when the list or a definition does: clients compare it with what they kept."""
    listed = [service.listed() for service in load_services().values()]
    return sha256(orjson.dumps([listed, _ATTRIBUTES])).hexdigest()[:16]


def _attribute(code: str, datatype: str, description: str, hint: str | None = None, **values: str) -> dict[str, Any]:
    choices = [{"key": key, "name": name} for key, name in values.items()]
    return {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": hint,
        "description": description,
    } | ({"values": choices} if choices else {})


_YES_OR_NO = {"false": "Tidak / No", "true": "Ya / Yes"}
_QUESTIONS = (
    _attribute("title", "string", "Judul laporan / Title", "Paling panjang 255 huruf / At most 255 characters"),
    _attribute("incident_date", "datetime", "Tanggal kejadian / Date of the incident", "2026-01-31"),
    _attribute("province", "string", "Provinsi / Province"),
    _attribute("regency", "string", "Kabupaten atau kota / Regency or city"),
    _attribute("district", "string", "Kecamatan / District"),
    _attribute("village", "string", "Kelurahan atau desa / Village"),
    _attribute("agency", "string", "Instansi yang dituju / The agency it is for"),
    _attribute(
        "classification",
        "singlevaluelist",
        "Jenis laporan / Kind of report",
        **{each.value: CLASSIFICATION_NAMES[each] for each in Classification},
    ),
    _attribute("anonymous", "singlevaluelist", "Rahasiakan nama saya (anonim) / Hide my name", **_YES_OR_NO),
    _attribute("secret", "singlevaluelist", "Jangan tampilkan laporan (rahasia) / Hide the report", **_YES_OR_NO),
    _attribute("message_id", "string", "Nomor dari pengirim, agar tidak tercatat dua kali / The sender's own id"),
)
_ATTRIBUTES = tuple(question | {"order": place} for place, question in enumerate(_QUESTIONS, start=1))
