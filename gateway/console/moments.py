"""Times and numbers as people read them: in Western Indonesian Time, in their language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from gateway.console.texts import told

WIB = timezone(timedelta(hours=7), "WIB")
_INDONESIAN = str.maketrans(",.", ".,")
_STEPS = ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


def clock_time(at: datetime) -> str:
    """`25 Nov 21.34.05`, without the year where it is clear."""
    return at.astimezone(WIB).strftime("%d-%m-%Y %H:%M:%S")


def short_time(at: datetime, now: datetime) -> str:
    """The hour alone for today, the day with it for another."""
    local = at.astimezone(WIB)
    return local.strftime("%H:%M:%S" if local.date() == now.astimezone(WIB).date() else "%d-%m %H:%M")


def machine_time(at: datetime) -> str:
    """ISO 8601 for programs that read the page."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


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
