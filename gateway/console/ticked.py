"""Doing something to everything that was ticked, and saying truly how much of it was done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from gateway.console.moments import span
from gateway.console.texts import word_for
from gateway.console.visit import Visit
from gateway.ledger.actions import list_actions
from schemas.errors import Conflict, GatewayError

MEANWHILE = "decided_meanwhile"
"""The cause of what somebody else did first."""
OTHER = "other"
"""The cause of what has none of its own."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were done, which ones were not there any more, and the last thing that went wrong with another."""

    done: int
    missed: Sequence[UUID]
    error: GatewayError | None


def ticked(visit: Visit) -> list[UUID]:
    """The ids that were ticked. Raises Invalid for none."""
    ids = visit.chosen()
    if not ids:
        raise visit.wrong("id", "queue.none_chosen")
    return ids


async def each_of(ids: Sequence[UUID], act: Callable[[UUID], Awaitable[bool]]) -> Tally:
    """Do it to each; `act` is False for what is not there any more."""
    done, missed, last = 0, list[UUID](), None
    for one in ids:
        try:
            if await act(one):
                done += 1
            else:
                missed.append(one)
        except GatewayError as error:
            if error.cause == MEANWHILE:
                missed.append(one)
            else:
                last = error
    return Tally(done, missed, last)


async def ended(visit: Visit, tally: Tally, path: str, done: str, **query: object) -> Response:
    """To the page with what was done. Raises what went wrong when nothing was."""
    if not tally.done:
        raise tally.error or await decided(visit, tally.missed)
    problem = {"problem": tally.error.cause or OTHER, "about": tally.error.about or None} if tally.error else {}
    told: dict[str, Any] = {"n": tally.done, "missed": len(tally.missed) or None, **problem, **query}
    return visit.go(path, done=done, **told)


async def decided(visit: Visit, subjects: Sequence[UUID]) -> Conflict:
    """That somebody else was first with these, to be raised: who, with what, how long ago."""
    for subject in subjects:
        for one in await visit.desk.ledger.read(list_actions, subject=str(subject), limit=1):
            who, what = word_for(visit.language, "actor", one.actor), word_for(visit.language, "action", one.action)
            since = span(visit.language, max((visit.now - one.at).total_seconds(), 0))
            return Conflict(visit.told("queue.first", who=who, what=what, span=since))
    return Conflict(visit.told(f"cause.{MEANWHILE}", about=""))
