"""The report of a day as a sheet: CSV with a line for each figure, and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from gateway.daily.day import Day

HEAD = ("date", "figure", "of", "kind", "count")


def csv_of(day: Day) -> str:
    """CSV: date, figure, of what, which kind, how many."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows((day.date.isoformat(), *line) for line in _lines(day))
    return out.getvalue()


def document_of(day: Day) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "date": day.date.isoformat(),
        "made_at": day.made_at,
        "is_over": day.is_over,
        "received": day.received,
        "usual": round(day.usual, 1),
        "delivered_share": round(day.delivered_share, 4) if day.delivered_share is not None else None,
        "hours": list(day.hours),
        "reports": {name: dict(found) for name, found in day.reports.items()},
        "handoffs": {name: dict(found) for name, found in day.handoffs.items()},
        "attempts": {name: dict(found) for name, found in day.outcomes.items()},
        "parked": [{"destination": one.destination, "reason": one.reason, "count": one.count} for one in day.causes],
        "deadlines_broken": dict(day.broken),
    }


def _lines(day: Day) -> Iterator[tuple[str, str, str, int]]:
    for figure, found in (("reports", day.reports), ("handoffs", day.handoffs), ("attempts", day.outcomes)):
        for name, kinds in found.items():
            yield from ((figure, _plain(name), kind, count) for kind, count in kinds.items())
    yield from (("reports_by_hour", f"{hour:02d}", "", count) for hour, count in enumerate(day.hours))
    yield from (("parked", _plain(one.destination), _plain(one.reason), one.count) for one in day.causes)
    yield from (("deadlines_broken", _plain(name), "", count) for name, count in day.broken.items())


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
