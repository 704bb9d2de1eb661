"""What an event does to the state of a case: forward by the destination's own order, never back by a late one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from schemas.status import TERMINAL, EventKind, status_of


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands at one destination.

    `at` and `sequence` are those of the event that set the status. `asked_at`: the destination waits for the reporter
    since then. `closed`: nothing more is expected.
    """

    status_name: str | None = None
    at: datetime | None = None
    sequence: int | None = None
    asked_at: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An event as far as it moves a case. `at` is when it happened, as far as that is known."""

    kind: EventKind
    at: datetime
    status_name: str | None = None
    sequence: int | None = None


def after_event(state: CaseState, said: Said) -> CaseState:
    """The state after an event. One that is older than what set the status is kept elsewhere and moves nothing."""
    if said.kind is EventKind.REOPENED:
        return replace(state, closed=False, asked_at=None)
    if said.kind is EventKind.WITHDRAWN:
        return replace(state, closed=True, asked_at=None)
    if is_late(state, said):
        return state
    if said.kind is EventKind.QUESTION:
        state = replace(state, asked_at=said.at)
    elif said.status_name is not None:
        state = replace(state, asked_at=None)
    if said.status_name is None:
        return state
    closed = status_of(said.status_name) in TERMINAL
    return replace(state, status_name=said.status_name, at=said.at, sequence=said.sequence, closed=closed)


def is_late(state: CaseState, said: Said) -> bool:
    """Whether the case had moved on: by the destination's own numbers where both have one, else by time."""
    if state.sequence is not None and said.sequence is not None:
        return said.sequence < state.sequence
    return state.at is not None and said.at < state.at
