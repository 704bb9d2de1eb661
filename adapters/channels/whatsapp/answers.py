"""Single answers of a WhatsApp form: each is understood, or None is answered and it stays text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson

from schemas.base import Json
from schemas.vocabulary import CLASSIFICATION_NAMES, Classification

_OPTION_NUMBER = re.compile(r"\A\d+_(?=\D)")  # Meta's form builder numbers the options: 0_Aspirasi
_REGION_CODE = re.compile(r"[0-9]{2}(\.?[0-9]{2}(\.?[0-9]{2}(\.?[0-9]{4})?)?)?")
_SEPARATORS = str.maketrans("", "", " .-")
_NO = frozenset({"false", "0", "tidak", "tdk", "no", "n", "bukan", "jangan", "publik", "terbuka", "off"})
_CLASSES = {
    **{member.value.replace("_", " "): member for member in Classification},
    **{name.lower(): member for member, name in CLASSIFICATION_NAMES.items()},
    "informasi": Classification.INFORMATION,
}
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def rendered(value: Json) -> str:
    """Any answer as text."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_single, value)))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {text}" for name, one in value.items() if (text := _single(one)))
    return _single(value)


def _single(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, (list, dict)):
        return orjson.dumps(value).decode()
    return str(value).strip()


def _option(value: Json) -> str:
    """The option picked, in lower case, as people say it."""
    return _OPTION_NUMBER.sub("", rendered(value)).replace("_", " ").lower()


def _text(limit: int) -> Callable[[Json], str | None]:
    def take(value: Json) -> str | None:
        text = rendered(value)
        return text if text and len(text) <= limit else None

    return take


def _category(value: Json) -> int | None:
    text = str(value).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) and int(text) > 0 else None


def _classification(value: Json) -> Classification | None:
    return _CLASSES.get(_option(value))


def _day(value: Json) -> date | None:
    """2026-01-31, or 31/01/2026 as people here write it."""
    text = rendered(value)
    if day_first := _DAY_FIRST.fullmatch(text):
        text = f"{day_first[3]}-{day_first[2]:0>2}-{day_first[1]:0>2}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _flag(value: Json) -> bool | None:
    """False only for a clear no: whoever's wish to be hidden cannot be read stays hidden. None for no answer."""
    if value is None:
        return None
    words = _option(value).replace(",", " ").split()
    return bool(words) and words[0] not in _NO


def _degrees(limit: float) -> Callable[[Json], float | None]:
    def take(value: Json) -> float | None:
        try:
            number = float(str(value).strip())
        except ValueError:
            return None
        return number if -limit <= number <= limit else None

    return take


def _region_code(value: Json) -> str | None:
    text = str(value).strip()
    return text if _REGION_CODE.fullmatch(text) else None


def _nik(value: Json) -> str | None:
    digits = str(value).translate(_SEPARATORS)
    return digits if re.fullmatch(r"[0-9]{16}", digits) else None


TAKERS: Mapping[str, Callable[[Json], Any]] = {
    "title": _text(255),
    "content": _text(1_000_000),
    "category_id": _category,
    "classification": _classification,
    "agency": _text(255),
    "incident_date": _day,
    "is_anonymous": _flag,
    "is_secret": _flag,
    "location.address": _text(1000),
    "location.province": _text(255),
    "location.regency": _text(255),
    "location.district": _text(255),
    "location.village": _text(255),
    "location.region_code": _region_code,
    "location.latitude": _degrees(90),
    "location.longitude": _degrees(180),
    "reporter.name": _text(255),
    "reporter.nik": _nik,
    "reporter.phone": _text(32),
    "reporter.email": _text(254),
    "reporter.address": _text(1000),
}
