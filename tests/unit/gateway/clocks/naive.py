"""The same count made in the dullest way: hour by hour, with the days off of 2026 written out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from gateway.clocks import Party, Spell

HOUR = timedelta(hours=1)
# Joint decree of three ministers on public holidays and collective leave of 2026.
DAYS_OFF = frozenset(
    {
        "2026-01-01",
        "2026-01-16",
        "2026-02-16",
        "2026-02-17",
        "2026-03-18",
        "2026-03-19",
        "2026-03-20",
        "2026-03-21",
        "2026-03-22",
        "2026-03-23",
        "2026-03-24",
        "2026-04-03",
        "2026-04-05",
        "2026-05-01",
        "2026-05-14",
        "2026-05-15",
        "2026-05-27",
        "2026-05-28",
        "2026-05-31",
        "2026-06-01",
        "2026-06-16",
        "2026-08-17",
        "2026-08-25",
        "2026-12-24",
        "2026-12-25",
    }
)


def works(at: datetime, zone: tzinfo) -> bool:
    day = at.astimezone(zone)
    return day.strftime("%a") not in ("Sat", "Sun") and day.strftime("%Y-%m-%d") not in DAYS_OFF


def hours_from(start: datetime) -> Iterator[datetime]:
    at = start
    while True:
        yield at
        at += HOUR


def covering(spells: Sequence[Spell], at: datetime) -> list[Spell]:
    return [spell for spell in spells if spell.start <= at and (spell.end is None or spell.end > at)]


def deadline(start: datetime, days: int, zone: tzinfo, spells: Sequence[Spell], until: datetime) -> datetime:
    """The end of the hour in which the last counted hour lies; hours of the first day do not count."""
    counted = 0
    for at in hours_from(start):
        if at.astimezone(zone).date() == start.astimezone(zone).date():
            continue
        stands = at < until and any(spell.pauses for spell in covering(spells, at))
        if works(at, zone) and not stands:
            counted += 1
            if counted == days * 24:
                return at + HOUR
    raise AssertionError("an endless count ended")


def shares(start: datetime, end: datetime, zone: tzinfo, spells: Sequence[Spell]) -> dict[Party, timedelta]:
    found = dict.fromkeys(Party, timedelta())
    for at in hours_from(start):
        if at >= end:
            return found
        if works(at, zone):
            its = covering(spells, at)
            found[its[0].party if its else Party.MINISTRY] += HOUR
    raise AssertionError("an endless count ended")
