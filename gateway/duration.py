"""Durations as people write them: `5s`, `30m`, `76h`, `2d`, `1h 30m`."""

from __future__ import annotations

import re

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+\s*")


def parse_duration(value: object) -> float:
    """Seconds of a duration; a bare number is seconds already.

    Raises ValueError for anything else, and for a negative or endless one; the message says what to write.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value < float("inf"):
            raise ValueError("a duration is not negative and has an end")
        return float(value)
    if isinstance(value, str):
        if _WHOLE.fullmatch(value.lower()):
            return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(value.lower()))
        if re.fullmatch(r"\d+(\.\d+)?", value.strip()):
            return float(value)
    raise ValueError(f"{value!r} is no duration: write a number with a unit, such as 5s, 30m, 76h or 2d")


def spell_duration(seconds: float) -> str:
    """The shortest usual spelling: 21600 is `6h`, 90 is `90s`."""
    for unit in ("d", "h", "m"):
        count, rest = divmod(seconds, _SECONDS[unit])
        if count and not rest and (unit != "d" or count > 3):
            return f"{count:.0f}{unit}"
    return f"{seconds:.0f}s" if seconds == int(seconds) else f"{seconds:g}s"
