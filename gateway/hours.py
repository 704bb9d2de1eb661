"""When a destination is open: its hours on the days of the week, and the times when it is under maintenance.

Indonesia keeps no summer time, so a zone is a fixed offset: WIB, WITA and WIT (Keppres 41/1987), and UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone

DAY = timedelta(days=1)
_FURTHEST = timedelta(days=370)

_WIB, _WITA, _WIT = (timezone(timedelta(hours=hours)) for hours in (7, 8, 9))
ZONES: dict[str, timezone] = {
    "WIB": _WIB,
    "WITA": _WITA,
    "WIT": _WIT,
    "Asia/Jakarta": _WIB,
    "Asia/Pontianak": _WIB,
    "Asia/Makassar": _WITA,
    "Asia/Jayapura": _WIT,
    "UTC": UTC,
}


@dataclass(frozen=True, slots=True)
class Weekly:
    """A span of the day on some days of the week, 0 for Monday. One that ends at or before its start ends next day."""

    days: frozenset[int]
    start: time
    end: time
    zone: timezone

    def around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Its spans from the day before `at` to a week after, in order."""
        local = at.astimezone(self.zone)
        for number in range(-1, 9):
            day = (local + number * DAY).date()
            if day.weekday() in self.days:
                begin = datetime.combine(day, self.start, self.zone)
                end = datetime.combine(day, self.end, self.zone)
                yield begin, end if end > begin else end + DAY


@dataclass(frozen=True, slots=True)
class Once:
    """One span of time. Both ends are aware; the end is not included."""

    start: datetime
    end: datetime

    def around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The span itself."""
        yield self.start, self.end


@dataclass(frozen=True, slots=True)
class Opening:
    """When a destination is open. Without `hours` always, but for `maintenance`.

    `urgent_always`: emergencies are sent outside the hours too, though not during maintenance.
    """

    hours: tuple[Weekly, ...] = ()
    maintenance: tuple[Weekly | Once, ...] = ()
    urgent_always: bool = False


ALWAYS = Opening()


def opens_at(opening: Opening, at: datetime, *, urgent: bool = False) -> datetime:
    """The first moment from `at` on at which it is open: `at` itself when it is open then.

    A destination that does not open within a year is asked again after that.
    """
    hours = () if urgent and opening.urgent_always else opening.hours
    moment = at
    while moment - at < _FURTHEST:
        later = _after_maintenance(opening, moment)
        if hours:
            later = _within(hours, later)
        if later == moment:
            return moment
        moment = later
    return moment


def _after_maintenance(opening: Opening, at: datetime) -> datetime:
    ends = [end for span in opening.maintenance for start, end in span.around(at) if start <= at < end]
    return max(ends, default=at)


def _within(hours: tuple[Weekly, ...], at: datetime) -> datetime:
    spans = [span for weekly in hours for span in weekly.around(at)]
    if any(start <= at < end for start, end in spans):
        return at
    return min((start for start, _ in spans if start > at), default=at + _FURTHEST)
