"""The `calendar:` of the configuration file: the file that corrects which days are worked on."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from gateway.clocks import Calendar
from gateway.config.fields import Section
from gateway.config.yaml_lines import Problems

_LINE = re.compile(r"([+-])\s*(\d{4}-\d{2}-\d{2})(?:\s.*)?")


def read_calendar(whole: Section, folder: Path) -> Calendar:
    """The calendar with its corrections; paths are relative to the configuration file. Every problem is noted."""
    fields = whole.section("calendar", ("corrections",))
    written = fields.text("corrections")
    if written is None:
        return Calendar()
    path = folder / written
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fields.add("corrections", f"{path} cannot be read ({type(error).__name__}); check its path and owner")
        return Calendar()
    problems = Problems(str(path))
    calendar = parse_corrections(text, problems)
    for problem in problems.told():
        fields.add("corrections", problem)
    return calendar


def parse_corrections(text: str, problems: Problems) -> Calendar:
    """The corrections in a text, one a line: `+2026-12-28 why` is a day off, `-2026-05-15` is worked on after all."""
    days: dict[date, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        day = _day(found[2]) if found else None
        if found is None or day is None:
            problems.add(number, "calendar", "write + for a day off or - for a day that is worked on, and 2026-12-28")
        elif day in days:
            problems.add(number, "calendar", f"{day} stands in the file already; keep one of the lines")
        else:
            days[day] = found[1]
    added = frozenset(day for day, sign in days.items() if sign == "+")
    return Calendar(added, frozenset(days) - added)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
