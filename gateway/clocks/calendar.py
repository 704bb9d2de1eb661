"""Working days of Indonesia: Monday to Friday, without public holidays and collective leave (*cuti bersama*).

The days come from the `holidays` library (country ID, categories public and government: the latter is the collective
leave of the joint decree of three ministers, which is decided anew each year). A file corrects them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

_CATEGORIES = ("public", "government")
_DAY = timedelta(days=1)
_SATURDAY = 5
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked on. `added` are further days off, `removed` days that are worked on all the same."""

    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()
    _years: dict[int, frozenset[date]] = field(default_factory=dict, repr=False, compare=False)
    _ends: dict[tuple[datetime, int], datetime] = field(default_factory=dict, repr=False, compare=False)

    def is_working(self, day: date) -> bool:
        """Whether a day counts."""
        if day in self.removed:
            return True
        return day.weekday() < _SATURDAY and day not in self.added and day not in self._days_off(day.year)

    def learn(self, day: date) -> None:
        """Look up the year of a day and the next one, which takes a while the first time: not for an event loop."""
        for year in (day.year, day.year + 1):
            self._days_off(year)

    def working_parts(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
        """The parts of the time from `start` to `end` that lie in working days, in order, none across a midnight."""
        here = start.astimezone(zone)
        until = end.astimezone(zone)
        while here < until:
            midnight = next_midnight(here, zone)
            if self.is_working(here.date()):
                yield here, min(midnight, until)
            here = midnight

    def after_days(self, midnight: datetime, days: int) -> datetime:
        """The end of so many working days that are counted from a midnight on; with none, the begin of the first.

        The cases of a day share it, so it is counted once.
        """
        end = self._ends.get((midnight, days))
        if end is None:
            if len(self._ends) >= _REMEMBERED:
                self._ends.clear()
            end = self._ends[midnight, days] = self._counted(midnight, days)
        return end.astimezone(midnight.tzinfo)

    def _counted(self, midnight: datetime, days: int) -> datetime:
        here, left = midnight, days
        while left > 1 or not self.is_working(here.date()):
            left -= self.is_working(here.date())
            here += _DAY
        return here + _DAY if days else here

    def _days_off(self, year: int) -> frozenset[date]:
        found = self._years.get(year)
        if found is None:
            from holidays import country_holidays  # the calendars of the whole world: loaded when a day is asked for

            found = frozenset(country_holidays("ID", years=year, categories=_CATEGORIES))
            self._years[year] = found
        return found


def next_midnight(at: datetime, zone: tzinfo) -> datetime:
    """The first midnight after a time. Indonesia's zones have no summer time, so days are 24 hours long."""
    return datetime.combine(at.astimezone(zone).date() + _DAY, datetime.min.time(), zone)
