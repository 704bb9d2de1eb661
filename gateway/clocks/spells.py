"""Whose time it is: every moment of a clock belongs to exactly one party, so that the parts sum to the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from gateway.clocks.calendar import Calendar


class Party(StrEnum):
    """Who a piece of time is owed to."""

    REPORTER = "reporter"
    """The reporter is asked something and has not answered."""
    CHANNEL = "channel"
    """Something for the reporter has not got through to the reporter."""
    GATEWAY = "gateway"
    """It lies with this gateway."""
    MINISTRY = "ministry"
    """It lies with the destination, or the destination cannot be reached."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A time that is somebody's. `end` is None while it lasts. `pauses`: the clock stands still meanwhile."""

    party: Party
    start: datetime
    end: datetime | None
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a clock's time that lies in one working day and belongs to one party."""

    start: datetime
    end: datetime
    party: Party
    paused: bool

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


def pieces_of(
    calendar: Calendar, zone: tzinfo, start: datetime, end: datetime, spells: Sequence[Spell]
) -> Iterator[Piece]:
    """The working time from `start` to `end`, cut where it changes hands. Of several spells the first one counts.

    What no spell covers is the ministry's. A moment is paused when any spell that pauses covers it.
    """
    cuts = {edge for spell in spells for edge in (spell.start, spell.end) if edge is not None and start < edge < end}
    edges = [start, *sorted(cuts), end]
    for here, there in pairwise(edges):
        covering = [spell for spell in spells if spell.start <= here and (spell.end is None or spell.end >= there)]
        party = covering[0].party if covering else Party.MINISTRY
        paused = any(spell.pauses for spell in covering)
        for begin, until in calendar.working_parts(here, there, zone):
            yield Piece(begin, until, party, paused)


def shares_of(pieces: Sequence[Piece]) -> Mapping[Party, timedelta]:
    """How much of the time is whose; every party is named."""
    shares = dict.fromkeys(Party, timedelta())
    for piece in pieces:
        shares[piece.party] += piece.length
    return shares
