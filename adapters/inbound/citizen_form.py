"""The form that a citizen fills in, or an officer for one: read strictly, every mistake named at its field.

The names of the fields are Indonesian, because they are what a page and its browser show.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import filetype
import orjson

from adapters.contract import InboundFile, InboundMessage, InboundRequest
from adapters.inbound.documents import digest_of
from adapters.inbound.forms import Form, read_form
from adapters.inbound.people import reporter_of
from schemas.errors import Invalid, Malformed
from schemas.report import CONTENT_LIMIT, TITLE_LIMIT, Location, Reporter

MOST_FILES, FILE_LIMIT = 3, 8 * 1024 * 1024
"""So many files, each of so many bytes."""

FILE_KINDS = {
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "application/pdf": "PDF",
    "video/mp4": "MP4",
    "video/3gpp": "3GP",
}
"""What a file may be, told from its content."""

FILES = ("lampiran1", "lampiran2", "lampiran3")
KEY = "kunci"
"""The hidden field: the id of the message, a dot, and what proves that a page of ours gave it out."""

_UNKEPT = ("situs", "sesi", "kunci_loket")
_LIMITS = {
    "judul": TITLE_LIMIT,
    "cerita": CONTENT_LIMIT,
    "provinsi": 255,
    "kabkota": 255,
    "kecamatan": 255,
    "desa": 255,
    "alamat": 1000,
    "instansi": 255,
    "nama": 255,
    "telepon": 32,
    "surel": 254,
    "alamat_pelapor": 1000,
}
_PHONE = re.compile(r"\+?[0-9(][0-9 ().-]{6,24}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}")
_NIK = re.compile(r"[0-9]{16}")
_SPACES = re.compile(r"[\s.-]+")
_BROKEN = ("\0", "\ufffd")
_A_DAY = timedelta(days=1)  # east of Greenwich it may be tomorrow already


@dataclass(slots=True)
class Reading:
    """The form while it is read: each mistake once, in the order of the page."""

    form: Form
    errors: list[dict[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A field without the white space around it; over its limit it is a mistake."""
        value = self.form.text(name).strip()
        if any(sign in value for sign in _BROKEN):
            raise Malformed("a field of the form is not valid UTF-8 text, or holds a NUL character")
        limit = _LIMITS.get(name)
        if limit is not None and len(value) > limit:
            self.wrong(name, f"Paling panjang {limit} huruf. / At most {limit} characters.")
            return value[:limit]
        return value

    def checked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.form.text(name).strip())

    def wrong(self, name: str, problem: str) -> None:
        """Note a mistake."""
        self.errors.append({"at": name, "problem": problem})


def read_citizen_form(request: InboundRequest) -> InboundMessage:
    """The message of a form. Raises Malformed for what is no form, Invalid with every mistake in `errors`."""
    _require_whole(request)
    reading = Reading(read_form(request))
    identity = reading.text(KEY).partition(".")[0][:255] or digest_of(reading.form.raw(*_UNKEPT).decode())
    message = InboundMessage(
        message_id=identity,
        content=_story(reading),
        raw=_kept(reading.form, identity),
        title=reading.text("judul") or None,
        agency=reading.text("instansi") or None,
        location=_location(reading),
        incident_date=_incident_date(reading, request.received_at),
        is_anonymous=reading.checked("anonim"),
        is_secret=reading.checked("rahasia"),
        reporter=_reporter(reading),
        files=_files(reading),
    )
    if reading.errors:
        raise Invalid("mend the fields that are named", reading.errors)
    return message


def _kept(form: Form, identity: str) -> bytes:
    """The form as it is kept: with the message's id, without what proved it, so that it is the same when read again."""
    return orjson.dumps({**orjson.loads(form.raw(KEY, *_UNKEPT)), KEY: identity}, option=orjson.OPT_SORT_KEYS)


def _require_whole(request: InboundRequest) -> None:
    """A multipart body that broke off gives its first parts: here that is a mistake, or a report would lack its end."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return
    boundary = kind.partition("boundary=")[2].partition(";")[0].strip(' "')
    if not boundary or not request.body.rstrip().endswith(f"--{boundary}--".encode()):
        raise Malformed("the form broke off before its end; send it again")


def _story(reading: Reading) -> str:
    story = reading.text("cerita")
    if not story:
        reading.wrong("cerita", "Ceritakan apa yang terjadi. / Tell what happened.")
    return story


def _location(reading: Reading) -> Location | None:
    latitude, longitude = _degrees(reading, "lintang", 90), _degrees(reading, "bujur", 180)
    given = bool(reading.text("lintang")), bool(reading.text("bujur"))
    if given[0] is not given[1]:
        missing = "bujur" if given[0] else "lintang"
        reading.wrong(missing, "Isi lintang dan bujur, atau kosongkan keduanya. / Give both or neither.")
        latitude = longitude = None
    location = Location(
        province=reading.text("provinsi") or None,
        regency=reading.text("kabkota") or None,
        district=reading.text("kecamatan") or None,
        village=reading.text("desa") or None,
        address=reading.text("alamat") or None,
        latitude=latitude,
        longitude=longitude,
    )
    return location if location != Location() else None


def _degrees(reading: Reading, name: str, most: int) -> float | None:
    text = reading.text(name).replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if abs(value) <= most:
        return value
    reading.wrong(name, f"Angka antara -{most} dan {most}. / A number between -{most} and {most}.")
    return None


def _incident_date(reading: Reading, now: datetime | None) -> date | None:
    text = reading.text("tanggal")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        reading.wrong("tanggal", "Tulis sebagai tahun-bulan-tanggal. / Write it as 2026-01-31.")
        return None
    if now is not None and day > (now.astimezone(UTC) + _A_DAY).date():
        reading.wrong("tanggal", "Tanggal ini belum terjadi. / This day has not come yet.")
    return day


def _reporter(reading: Reading) -> Reporter | None:
    phone, email = reading.text("telepon"), reading.text("surel")
    digits = sum(character.isdigit() for character in phone)
    if phone and not (_PHONE.fullmatch(phone) and 8 <= digits <= 15):
        reading.wrong("telepon", "Tulis 8 sampai 15 angka, misalnya 0812 3456 7890. / 8 to 15 digits.")
    if email and not _EMAIL.fullmatch(email):
        reading.wrong("surel", "Tulis alamat surel, misalnya nama@contoh.id. / Write an e-mail address.")
    nik = _SPACES.sub("", reading.text("nik"))
    if nik and not _NIK.fullmatch(nik):
        reading.wrong("nik", "NIK terdiri dari 16 angka. / A NIK has 16 digits.")
        nik = ""
    known = reporter_of(name=reading.text("nama"), phone=phone[:32] or None, email=email) or Reporter()
    reporter = known.model_copy(update={"nik": nik or None, "address": reading.text("alamat_pelapor") or None})
    return reporter if reporter != Reporter() else None


def _files(reading: Reading) -> tuple[InboundFile, ...]:
    found = [(name, file) for name, file in reading.form.files.items() if file.content]
    if len(found) > MOST_FILES:
        reading.wrong(FILES[-1], f"Paling banyak {MOST_FILES} berkas. / At most {MOST_FILES} files.")
    return tuple(file for name, each in found[:MOST_FILES] if (file := _usable(reading, name, each)) is not None)


def _usable(reading: Reading, name: str, file: InboundFile) -> InboundFile | None:
    """The file under the type that its content shows, or None with the mistake noted."""
    at = name if name in FILES else FILES[0]
    if len(file.content) > FILE_LIMIT:
        size = FILE_LIMIT // 1024**2
        reading.wrong(at, f"Berkas lebih besar dari {size} MB; kirim yang lebih kecil. / Larger than {size} MB.")
        return None
    kind = filetype.guess_mime(file.content[:8192])
    if kind not in FILE_KINDS:
        kinds = ", ".join(FILE_KINDS.values())
        reading.wrong(at, f"Berkas ini bukan {kinds}. / This file is none of these.")
        return None
    if any(sign in file.name for sign in _BROKEN):
        raise Malformed("the name of a file is not valid UTF-8 text, or holds a NUL character")
    return InboundFile(file.name, kind, file.content)
