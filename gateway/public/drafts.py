"""What somebody wrote into a form: read once, shown again when something in it is to be mended."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import StringIO

from starlette.requests import Request

from adapters.contract import InboundRequest
from adapters.inbound.citizen_form import KEY, read_citizen_form
from adapters.inbound.forms import Form, read_form
from gateway.api.bodies import read_body
from gateway.nik import is_nik
from gateway.public.state import Public
from schemas.errors import Invalid

TRAP = "situs"
DESK_KEY = "kunci_loket"
"""The desk's key, which an officer gives once more where the session ended while the form was filled in."""

_SHOWN_AGAIN = (
    "cerita", "tanggal", "alamat", "desa", "kecamatan", "kabkota", "provinsi", "lintang", "bujur", "instansi", "nama",
    "nik", "telepon", "surel", "alamat_pelapor", "anonim", "rahasia",
)  # fmt: skip
_FILES = ("lampiran1", "lampiran2", "lampiran3")
_ORDER = {name: place for place, name in enumerate((DESK_KEY, *_SHOWN_AGAIN, *_FILES, TRAP))}


class Draft:
    """A posted form: its fields, and the request that the channel's adapter reads."""

    def __init__(self, inbound: InboundRequest, form: Form) -> None:
        self.inbound = inbound
        self._form = form

    @property
    def key(self) -> str:
        """The hidden field."""
        return self._form.text(KEY)

    @property
    def desk_key(self) -> str:
        """The key that signs in at the desk, empty where none was given; it is never shown again and never kept."""
        return self._form.text(DESK_KEY).strip()

    @property
    def trapped(self) -> bool:
        """Whether the field that nobody sees was filled."""
        return bool(self._form.text(TRAP).strip())

    def values(self) -> dict[str, str]:
        """What the page shows again."""
        return {name: text for name in _SHOWN_AGAIN if (text := self._form.text(name))}

    def mistakes(self, *, nik: bool = False) -> dict[str, str]:
        """What is to be mended, by field, in the order of the page; `nik`: also a NIK that cannot be one."""
        found: dict[str, str] = {}
        try:
            message = read_citizen_form(self.inbound)
        except Invalid as error:
            found = {one["at"]: one["problem"] for one in error.errors}
        else:
            given = message.reporter.nik if message.reporter else None
            if nik and given and not is_nik(given):
                found = {"nik": "Angka wilayah atau tanggal lahir di NIK ini keliru. / This cannot be a NIK."}
        if self.trapped:
            found[TRAP] = "Kosongkan kolom ini; kolom ini hanya untuk mengenali program. / Leave this field empty."
        return dict(sorted(found.items(), key=lambda item: _ORDER.get(item[0], len(_ORDER))))


async def read_draft(request: Request, public: Public) -> Draft:
    """The form that was posted. Raises BadInput for what is none, or is too large."""
    body = await read_body(request, public.max_body_bytes)
    headers = {"content-type": request.headers.get("content-type", "")}
    inbound = InboundRequest("POST", "", {}, headers, body, public.now())
    return Draft(inbound, read_form(inbound))


@cache
def regions() -> Mapping[str, tuple[str, ...]]:
    """The names of provinces and of regencies and cities, for the lists beside the fields."""
    text = files("gateway").joinpath("data", "regions.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(StringIO(text)))
    return {
        "provinces": tuple(row["name"] for row in rows if "." not in row["code"]),
        "regencies": tuple(row["name"] for row in rows if row["code"].count(".") == 1),
    }
