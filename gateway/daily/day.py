"""A day in figures: what came in, what became of it, what people must look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from schemas.base import EARLIEST, LATEST
from schemas.errors import Invalid

WIB = timezone(timedelta(hours=7), "WIB")
HOURS = 24
DAYS_BEFORE = 7
STATES = ("delivered", "pending", "uncertain", "parked", "cancelled")
ACCEPTED = "accept"
_FIRST, _END = EARLIEST.date(), LATEST.date()


@dataclass(frozen=True, slots=True)
class Cause:
    """So many handoffs of the day are parked at a destination for one reason."""

    destination: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of a day in Western Indonesian Time.

    `reports`: by channel and verdict. `hours`: reports by the hour in which they came. `handoffs`: those made that day
    by destination and by the state in which they are now. `outcomes`: attempts by destination and outcome. `broken`:
    deadlines of the law that ran out that day, by destination. `before`: reports of each of the seven days before.
    """

    date: date
    made_at: datetime
    reports: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    hours: tuple[int, ...] = (0,) * HOURS
    handoffs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    broken: Mapping[str, int] = field(default_factory=dict)
    before: tuple[int, ...] = ()

    @property
    def received(self) -> int:
        """Reports that came in."""
        return sum(self.hours)

    @property
    def usual(self) -> float:
        """Reports of a day on the average of the seven before."""
        return sum(self.before) / len(self.before) if self.before else 0.0

    @property
    def is_over(self) -> bool:
        """Whether the day had ended when the figures were made."""
        return self.made_at >= bounds(self.date)[1]

    def total(self, state: str) -> int:
        """Handoffs of the day in a state."""
        return sum(found.get(state, 0) for found in self.handoffs.values())

    def verdicts(self, verdict: str) -> int:
        """Reports of the day that were judged so."""
        return sum(found.get(verdict, 0) for found in self.reports.values())

    @property
    def every_handoff(self) -> int:
        """Handoffs of the day in whatever state."""
        return sum(sum(found.values()) for found in self.handoffs.values())

    @property
    def delivered_share(self) -> float | None:
        """The share of the day's handoffs that are delivered; None without any."""
        return self.total("delivered") / self.every_handoff if self.every_handoff else None


def bounds(day: date) -> tuple[datetime, datetime]:
    """When a day begins (included) and ends (not included). Raises Invalid for one in which no gateway ran."""
    if not _FIRST <= day < _END:
        raise Invalid(
            f"there is no report of this day: give one from {_FIRST} on", cause="no_such_day", about=str(_FIRST)
        )
    begins = datetime(day.year, day.month, day.day, tzinfo=WIB).astimezone(UTC)
    return begins, begins + timedelta(days=1)


def day_of(at: datetime) -> date:
    """The day that it is at a moment."""
    return at.astimezone(WIB).date()
