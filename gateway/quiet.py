"""When people may be disturbed: quiet hours in the time of the place that a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
"""Indonesia's three zones (Keppres 41/1987); none of them changes with the seasons."""

_ZONES = {
    **dict.fromkeys(("51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"), WITA),
    **dict.fromkeys(("81", "82", "91", "92", "93", "94", "95", "96", "97"), WIT),
}
"""By the first two digits of Kemendagri's region codes; every other province keeps WIB."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end`, local time, nobody is told what can wait. The same time twice: never quiet."""

    start: time = time(21)
    end: time = time(6)

    def over(self, at: datetime, zone: timezone) -> datetime:
        """The first moment from `at` on (aware) that is not quiet in the zone."""
        local = at.astimezone(zone)
        if not self._covers(local.time()):
            return at
        morning = datetime.combine(local.date(), self.end, zone)
        return morning if morning > local else morning + timedelta(days=1)

    def _covers(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def parse_quiet_hours(text: str) -> QuietHours:
    """`21:00-06:00`. Raises ValueError for anything else."""
    start, dash, end = text.replace(" ", "").partition("-")
    try:
        return QuietHours(time.fromisoformat(start), time.fromisoformat(end if dash else ""))
    except ValueError:
        raise ValueError("write two times of day, such as 21:00-06:00") from None


def zone_of(region_code: str | None) -> timezone:
    """The zone of a region by its Kemendagri code; WIB where none is known."""
    return _ZONES.get((region_code or "")[:2], WIB)
