"""Reading the clocks of one case: when each began, when it runs out, whether it was met, and whose the time was.

Source: the published process of SP4N-LAPOR!: verification 3 working days, first follow-up 5, the reporter's answer 10,
resolution 5 (request for information), 14 (without supervision content) or 60 (with). The day on which a clock begins
does not count; it runs out at the end of its last working day, in the time of the place that the report is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from gateway.clocks.calendar import Calendar, next_midnight
from gateway.clocks.spells import Party, Spell, pieces_of, shares_of
from schemas.vocabulary import Classification

_FAR = timedelta(days=800)  # no clock runs so long once nothing pauses it
_DAY = timedelta(days=1)


class ClockKind(StrEnum):
    """What is waited for."""

    VERIFICATION = "verification"
    """Somebody looked at the case: from its acceptance to the first status after *Belum Terverifikasi*."""
    FIRST_FOLLOWUP = "first_followup"
    """The agency acted or wrote: from the verification on."""
    RESOLUTION = "resolution"
    """The case is closed: from the verification on, and again from a reopening."""
    REPORTER_ANSWER = "reporter_answer"
    """The reporter answered the agency's question: from the question on."""


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    """There is time left."""
    APPROACHING = "approaching"
    """Less than a working day is left, or a tenth of the whole if that is more."""
    BROKEN = "broken"
    """It ran out and what is waited for has not happened."""
    MET = "met"
    """It happened in time."""
    MET_LATE = "met_late"
    """It happened after the clock had run out."""


DAYS: Mapping[ClockKind, int] = {
    ClockKind.VERIFICATION: 3,
    ClockKind.FIRST_FOLLOWUP: 5,
    ClockKind.REPORTER_ANSWER: 10,
}
RESOLUTION_DAYS: Mapping[Classification, int] = {
    Classification.INFORMATION: 5,
    Classification.WITHOUT_SUPERVISION: 14,
    Classification.WITH_SUPERVISION: 60,
    Classification.ASPIRATION: 14,  # the process names none; the one of an ordinary complaint
    Classification.UNKNOWN: 14,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened to one case, as far as clocks want to know. Times are aware; None: it has not happened.

    `spells` are in order of rank: of several that cover a moment the first says whose it is. `reopened_at`: the last
    time that the reporter said that it is not solved; `asked_at` the last question, and when it was answered.
    """

    accepted_at: datetime
    classification: Classification
    zone: tzinfo
    verified_at: datetime | None = None
    followed_up_at: datetime | None = None
    resolved_at: datetime | None = None
    reopened_at: datetime | None = None
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    """The reporter took the report back, or it was cancelled: what is not met by then is no longer waited for."""
    spells: tuple[Spell, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock at one moment. `taken` is the working time since it began, and is the sum of `shares` exactly.

    `deadline` allows for the pauses so far. `next_look` is when the state may change by itself.
    """

    kind: ClockKind
    days: int
    started_at: datetime
    deadline: datetime
    met_at: datetime | None
    state: ClockState
    paused: bool
    taken: timedelta
    shares: Mapping[Party, timedelta]
    next_look: datetime | None


def read_clocks(facts: Facts, calendar: Calendar, now: datetime) -> list[Reading]:
    """Every clock of a case that has begun."""
    resolution = RESOLUTION_DAYS[facts.classification]
    begun = facts.reopened_at or facts.verified_at
    resolved = (
        facts.resolved_at
        if not (facts.reopened_at and facts.resolved_at) or (facts.resolved_at > facts.reopened_at)
        else None
    )
    wanted: list[tuple[ClockKind, int, datetime | None, datetime | None]] = [
        (ClockKind.VERIFICATION, DAYS[ClockKind.VERIFICATION], facts.accepted_at, facts.verified_at),
        (ClockKind.FIRST_FOLLOWUP, DAYS[ClockKind.FIRST_FOLLOWUP], facts.verified_at, facts.followed_up_at),
        (ClockKind.RESOLUTION, resolution, begun, resolved),
        (ClockKind.REPORTER_ANSWER, DAYS[ClockKind.REPORTER_ANSWER], facts.asked_at, facts.answered_at),
    ]
    return [
        _reading(kind, days, start, met, facts, calendar, now)
        for kind, days, start, met in wanted
        if start is not None and start <= now and not (met is None and facts.ended_at is not None)
    ]


def _reading(
    kind: ClockKind,
    days: int,
    start: datetime,
    met_at: datetime | None,
    facts: Facts,
    calendar: Calendar,
    now: datetime,
) -> Reading:
    spells = _spells(kind, facts)
    end = met_at if met_at is not None else now
    pieces = list(pieces_of(calendar, facts.zone, start, max(end, start), spells))
    deadline = deadline_of(calendar, facts.zone, start, days, spells, end)
    paused = met_at is None and any(_covers(spell, now) for spell in spells if spell.pauses)
    warning = deadline_of(calendar, facts.zone, start, days - max(1, days // 10), spells, end)
    state, next_look = _state(met_at, deadline, warning, now)
    return Reading(
        kind,
        days,
        start,
        deadline,
        met_at,
        state,
        paused,
        sum((piece.length for piece in pieces), timedelta()),
        shares_of(pieces),
        None if paused else next_look,
    )


def deadline_of(
    calendar: Calendar, zone: tzinfo, start: datetime, days: int, spells: Sequence[Spell], until: datetime
) -> datetime:
    """When so many working days have gone by, without the pauses up to `until` and the day of the start."""
    counted = next_midnight(start, zone)
    pausing = tuple(_ended(spell, until) for spell in spells if spell.pauses and spell.start < until)
    if not pausing:
        return calendar.after_days(counted, days)
    left = days * _DAY
    far = max(counted, until) + _FAR
    running = (piece for piece in pieces_of(calendar, zone, counted, far, pausing) if not piece.paused)
    piece = next(running)
    while piece.length < left:
        left -= piece.length
        piece = next(running)
    return (piece.start + left).astimezone(zone)


def _state(
    met_at: datetime | None, deadline: datetime, warning: datetime, now: datetime
) -> tuple[ClockState, datetime | None]:
    if met_at is not None:
        return (ClockState.MET if met_at <= deadline else ClockState.MET_LATE), None
    if now > deadline:
        return ClockState.BROKEN, None
    if now > warning:
        return ClockState.APPROACHING, deadline + timedelta(seconds=1)
    return ClockState.RUNNING, warning + timedelta(seconds=1)


def _spells(kind: ClockKind, facts: Facts) -> tuple[Spell, ...]:
    """The reporter's own clock is not paused by waiting for the reporter."""
    if kind is not ClockKind.REPORTER_ANSWER:
        return facts.spells
    return tuple(Spell(spell.party, spell.start, spell.end) for spell in facts.spells)


def _ended(spell: Spell, until: datetime) -> Spell:
    end = until if spell.end is None or spell.end > until else spell.end
    return Spell(spell.party, spell.start, end, spell.pauses)


def _covers(spell: Spell, at: datetime) -> bool:
    return spell.start <= at and (spell.end is None or at < spell.end)
