"""One row of a table as a report: read strictly, every mistake named in the words of whoever mends the table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

import orjson

from adapters.contract import InboundMessage
from adapters.inbound.documents import digest_of
from adapters.inbound.people import reporter_of
from schemas.errors import Invalid
from schemas.report import CONTENT_LIMIT, TITLE_LIMIT, Location, Reporter
from schemas.vocabulary import CLASSIFICATION_NAMES, Classification

_SHORT = 255
_LONG = 1000
_EMAIL_LIMIT = 254
_PLACES = ("province", "regency", "district", "village")
_WIB = timezone(timedelta(hours=7))
"""LAPOR!'s export says no zone; its server's is Jakarta's."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan",
            "feb peb",
            "mar",
            "apr",
            "mei may",
            "jun",
            "jul",
            "agu ags aug",
            "sep",
            "okt oct",
            "nov nop",
            "des dec",
        ),
        1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2}|[a-z]{3,10})\.?[-/., ]+(\d{4})", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?(?:\s*(?:wib|wita|wit))?", re.IGNORECASE)
_YES = frozenset({"ya", "y", "yes", "true", "1", "x", "v"})
_NO = frozenset({"tidak", "t", "no", "n", "false", "0", "-"})
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,}")
_NIK = re.compile(r"\d{16}")
_FORMULA_FAILED = frozenset({"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#N/A"})


@dataclass(slots=True)
class _Reading:
    """A row while it is read. `now` is when it came in."""

    fields: dict[str, str]
    now: datetime | None
    errors: list[dict[str, str]] = field(default_factory=list)

    def text(self, name: str, limit: int = _SHORT) -> str | None:
        value = self.fields.get(name, "")
        if value in _FORMULA_FAILED:
            self.wrong(name, f"rumus gagal: {value} / the formula failed")
        if len(value) > limit:
            self.wrong(name, f"paling panjang {limit} huruf / at most {limit} characters")
        return value[:limit] or None

    def wrong(self, name: str, problem: str) -> None:
        self.errors.append({"at": name, "problem": problem})


def read_row(fields: dict[str, str], now: datetime | None) -> InboundMessage:
    """The report of a row, given as field and text. Raises Invalid with every mistake in `errors`."""
    reading = _Reading(fields, now)
    raw = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    content = reading.text("content", CONTENT_LIMIT) or reading.text("content_first", CONTENT_LIMIT)
    if not content:
        reading.wrong("content", "isi laporan kosong / the report says nothing")
    kind = (fields.get("kind") or "").lower()
    message = InboundMessage(
        message_id=reading.text("message_id") or digest_of(raw.decode()),
        content=content or "",
        raw=raw,
        title=reading.text("title", TITLE_LIMIT),
        classification=_classification(reading),
        category_id=_category(reading),
        agency=reading.text("agency"),
        location=_location(reading),
        incident_date=_day(reading, "incident_date"),
        is_anonymous=_ticked(reading, "is_anonymous") or "anonim" in kind,
        is_secret=_ticked(reading, "is_secret") or "rahasia" in kind,
        reporter=_reporter(reading),
        sent_at=_sent_at(reading),
    )
    if reading.errors:
        raise Invalid("mend the fields that are named", reading.errors)
    return message


def _classification(reading: _Reading) -> Classification:
    given = " ".join((reading.text("classification") or "").lower().replace("_", " ").split())
    for known, name in CLASSIFICATION_NAMES.items():
        if given in (name.lower(), known.value.replace("_", " ")):
            return known
    if given:
        names = ", ".join(CLASSIFICATION_NAMES.values())
        reading.wrong("classification", f"bukan salah satu dari {names} / none of these")
    return Classification.UNKNOWN


def _category(reading: _Reading) -> int | None:
    given = reading.text("category_id") or ""
    if given and not (given.isascii() and given.isdigit() and 0 < int(given) < 2**31):
        reading.wrong("category_id", "bukan nomor kategori / no number of a category")
        return None
    return int(given) if given else None


def _location(reading: _Reading) -> Location | None:
    latitude, longitude = _degrees(reading, "latitude", 90), _degrees(reading, "longitude", 180)
    if (latitude is None) is not (longitude is None):
        latitude = longitude = None
    names = {name: reading.text(name) for name in _PLACES}
    place = Location(**names, address=reading.text("address", _LONG), latitude=latitude, longitude=longitude)
    return place if place != Location() else None


def _degrees(reading: _Reading, name: str, most: int) -> float | None:
    given = (reading.text(name) or "").replace(",", ".")
    try:
        value = float(given) if given else None
    except ValueError:
        value = math.nan
    if value is None or abs(value) <= most:
        return value
    reading.wrong(name, f"angka antara -{most} dan {most} / a number between -{most} and {most}")
    return None


def _reporter(reading: _Reading) -> Reporter | None:
    email, nik = reading.text("email", _EMAIL_LIMIT) or "", (reading.text("nik") or "").replace(" ", "")
    if email and not _EMAIL.fullmatch(email):
        reading.wrong("email", "bukan alamat surel / no e-mail address")
    if nik and not _NIK.fullmatch(nik):
        told = "16 angka; jadikan sel teks, Excel membulatkan angka panjang / 16 digits, in a cell of text"
        reading.wrong("nik", told)
    known = reporter_of(name=reading.text("name") or "", phone=reading.text("phone", 32), email=email) or Reporter()
    more = {"nik": nik if _NIK.fullmatch(nik) else None, "address": reading.text("reporter_address", _LONG)}
    reporter = known.model_copy(update=more)
    return reporter if reporter != Reporter() else None


def _ticked(reading: _Reading, name: str) -> bool:
    given = (reading.text(name) or "").lower()
    if given in _YES or not given:
        return bool(given)
    if given not in _NO and given != name.removeprefix("is_"):
        reading.wrong(name, "tulis ya atau tidak / write yes or no")
    return False


def _day(reading: _Reading, name: str) -> date | None:
    given = reading.text(name)
    day = day_of(given) if given else None
    if given and day is None:
        reading.wrong(name, "tulis sebagai 31-01-2026 atau 31 Jan 2026 / write it as 2026-01-31")
    if day is not None and reading.now is not None and day > (reading.now.astimezone(UTC) + timedelta(days=1)).date():
        reading.wrong(name, "tanggal ini belum terjadi / this day has not come yet")
    return day


def _sent_at(reading: _Reading) -> datetime | None:
    day = _day(reading, "sent_date")
    given = reading.text("sent_time") or ""
    if day is None:
        return None
    found = _TIME.search(given or (reading.fields.get("sent_date", ""))[8:])
    try:
        moment = time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else time(0)
    except ValueError:
        moment = time(0)
    return datetime.combine(day, moment, _WIB)


def day_of(text: str) -> date | None:
    """A day as tables have it: 2026-01-31, 31/01/2026, 31 Jan 2026, 31 Januari 2026; the day before the month."""
    found = _YEAR_FIRST.match(text)
    parts = (found[1], found[2], found[3]) if found else None
    if parts is None and (found := _DAY_FIRST.match(text)):
        month = found[2] if found[2].isdigit() else str(_MONTHS.get(found[2][:3].lower(), 0))
        parts = (found[3], month, found[1])
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None
