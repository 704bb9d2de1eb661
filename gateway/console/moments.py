"""Times and numbers as people read them: in Western Indonesian Time, in their language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from gateway.console.texts import told

WIB = timezone(timedelta(hours=7), "WIB")
_MONTHS = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_INDONESIAN = str.maketrans(",.", ".,")
_STEPS = ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


def clock_time(language: str, at: datetime) -> str:
    """`25 Nov 2026, 21.34.05`; English has colons."""
    local = at.astimezone(WIB)
    return f"{_day(language, local)} {local.year}, {_hour(language, local, '%H:%M:%S')}"


def short_time(language: str, at: datetime, now: datetime) -> str:
    """The hour alone for today, the day with it for another, and the year where it is another one."""
    local, today = at.astimezone(WIB), now.astimezone(WIB)
    if local.date() == today.date():
        return _hour(language, local, "%H:%M:%S")
    year = f" {local.year}" if local.year != today.year else ""
    return f"{_day(language, local)}{year}, {_hour(language, local, '%H:%M')}"


def machine_time(at: datetime) -> str:
    """ISO 8601 for programs that read the page."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def size_told(language: str, size: int) -> str:
    """How large a file is: `1,2 MB`."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= one:
            return f"{grouped(language, size / one, 1)} {unit}"
    return told(language, "size.bytes", n=size)


def _day(language: str, local: datetime) -> str:
    return f"{local.day} {_MONTHS[language][local.month - 1]}"


def _hour(language: str, local: datetime, spelled: str) -> str:
    hour = local.strftime(spelled)
    return hour.replace(":", ".") if language == "id" else hour


def span(language: str, seconds: float) -> str:
    """How long: the largest unit that fits."""
    for size, unit in _STEPS:
        if seconds >= size:
            return told(language, f"span.{unit}", n=int(seconds // size))
    if 0 < seconds < 1:
        return told(language, "span.millisecond", n=max(round(seconds * 1000), 1))
    return told(language, "span.second", n=int(seconds))


def grouped(language: str, number: float, places: int = 0) -> str:
    """A number with its thousands apart, as the language writes them."""
    text = f"{number:,.{places}f}"
    return text.translate(_INDONESIAN) if language == "id" else text
