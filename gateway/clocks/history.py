"""From what is recorded of a case to the facts that its clocks want: when what happened, and whose the time was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from gateway.clocks.reading import Facts
from gateway.clocks.spells import Party, Spell
from schemas.status import TERMINAL, EventKind, EventSource
from schemas.vocabulary import CaseStatus, Classification

_ACTED = frozenset({CaseStatus.IN_PROCESS, CaseStatus.FOLLOWED_UP, *TERMINAL})


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a case. `at` is when it happened, as far as that is known."""

    kind: EventKind
    at: datetime
    source: EventSource
    status: CaseStatus | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which the destination provably took nothing: from a failed attempt to the next. None: it lasts."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that was passed on to the reporter. `told_at`: when the channel took it; None: not yet."""

    asked_at: datetime
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """What is recorded of one case, each part in order of time. `heard` are the reporter's later messages."""

    accepted_at: datetime
    classification: Classification
    zone: tzinfo
    delivered_at: datetime | None = None
    ended_at: datetime | None = None
    told: tuple[Told, ...] = ()
    heard: tuple[datetime, ...] = ()
    outages: tuple[Outage, ...] = ()
    askings: tuple[Asking, ...] = ()


@dataclass(frozen=True, slots=True)
class _Question:
    asked_at: datetime
    ends_at: datetime | None  # the case went on, whoever moved it
    answered_at: datetime | None  # the reporter answered


def facts_of(history: History) -> Facts:
    """The facts of a case."""
    agency = [one for one in history.told if one.source is not EventSource.REPORTER]
    questions = list(_questions(history))
    last = questions[-1] if questions else None
    resolved_at, reopened_at = _closing(history.told)
    return Facts(
        accepted_at=history.accepted_at,
        classification=history.classification,
        zone=history.zone,
        verified_at=next((one.at for one in agency if _shows_a_look(one)), None),
        followed_up_at=next((one.at for one in agency if _shows_action(one)), None),
        resolved_at=resolved_at,
        reopened_at=reopened_at,
        asked_at=last.asked_at if last else None,
        answered_at=(last.answered_at or last.ends_at) if last else None,
        ended_at=history.ended_at,
        spells=tuple(_spells(history, questions)),
    )


def _shows_a_look(one: Told) -> bool:
    return _shows_action(one) or (one.status is not None and one.status is not CaseStatus.UNVERIFIED)


def _shows_action(one: Told) -> bool:
    return one.kind in (EventKind.ANSWER, EventKind.QUESTION, EventKind.NOT_OURS) or one.status in _ACTED


def _closing(told: Sequence[Told]) -> tuple[datetime | None, datetime | None]:
    """When the case was closed, if it still is, and when its reporter last opened it again."""
    resolved_at = reopened_at = None
    for one in told:
        if one.kind is EventKind.REOPENED:
            resolved_at, reopened_at = None, one.at
        elif one.status in TERMINAL:
            resolved_at = resolved_at or one.at
        elif one.status is not None:
            resolved_at = None
    return resolved_at, reopened_at


def _questions(history: History) -> Iterator[_Question]:
    for place, one in enumerate(history.told):
        if one.kind is not EventKind.QUESTION:
            continue
        later = history.told[place + 1 :]
        moved = next((each.at for each in later if each.status is not None or each.kind is EventKind.QUESTION), None)
        answered = next((at for at in history.heard if at > one.at), None)
        ends = min((at for at in (moved, answered, history.ended_at) if at is not None), default=None)
        yield _Question(one.at, ends, answered if answered is not None and answered == ends else None)


def _spells(history: History, questions: Sequence[_Question]) -> Iterator[Spell]:
    """In order of rank: what keeps a question from the reporter, waiting for the reporter, outages, our own time."""
    told_at = {asking.asked_at: asking.told_at for asking in history.askings}
    for question in questions:
        if question.asked_at in told_at:
            until = told_at[question.asked_at]
            ends = [at for at in (until, question.ends_at) if at is not None]
            yield Spell(Party.CHANNEL, question.asked_at, min(ends, default=None), pauses=True)
        yield Spell(Party.REPORTER, question.asked_at, question.ends_at, pauses=True)
    for outage in history.outages:
        yield Spell(Party.MINISTRY, outage.start, outage.end, pauses=True)
    yield Spell(Party.GATEWAY, history.accepted_at, history.delivered_at)
