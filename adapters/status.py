"""What a destination must provide that can be asked what became of a case; those that cannot provide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from adapters.contract import Call, Reply
from schemas.base import Json
from schemas.handoff import Outcome
from schemas.status import CaseEvent


@dataclass(frozen=True, slots=True)
class WatchedCase:
    """A case that a destination has, and what is known of it.

    `progress` is what each step of its handoff yielded. `place` is what the adapter wanted remembered when it last read
    an answer about this case; empty the first time.
    """

    tracking_code: str
    reference: str | None
    progress: Mapping[str, dict[str, Json]] = field(default_factory=dict)
    place: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One call that asks about a case. `page` counts from 1."""

    name: str
    page: int = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer said. `place` replaces the case's; `following` asks on. `failure`: nothing could be read from it.

    Events that were told before may be told again: each is kept once, by its key.
    """

    events: tuple[CaseEvent, ...] = ()
    place: Mapping[str, Json] = field(default_factory=dict)
    following: Inquiry | None = None
    failure: Outcome | None = None


@runtime_checkable
class StatusSource(Protocol):
    """A destination that can be asked. Everything but `send` is pure."""

    def first_inquiry(self, case: WatchedCase) -> Inquiry | None:
        """The call to begin with; None when this case cannot be asked about."""

    def inquire(self, case: WatchedCase, inquiry: Inquiry) -> Call:
        """The request of an inquiry: a read, harmless however often it is made."""

    async def send(self, call: Call) -> Reply:
        """Make the call, once. Never raises for what the network or the peer does."""

    def hear(self, case: WatchedCase, inquiry: Inquiry, reply: Reply, at: datetime) -> Heard:
        """What the reply means. Survives any bytes."""
