"""One destination's gate in one worker: whether a call may be made now, and how many at once.

Nothing is asked of the ledger on the way to a call: what other workers found is told to the gate now and then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.breaker import Breaker, BreakerState, failed, let_through, room, told_nothing, went_well
from gateway.clock import Clock
from gateway.conduct import Conduct
from gateway.congestion import after_answer, after_overload, full_flow, resized
from gateway.hours import opens_at
from gateway.sharing import share_of
from gateway.vital import Sign

URGENT = 0
"""The priority of emergencies."""


@dataclass(slots=True)
class Pass:
    """Leave to make one call. It is given back with what the call said, once."""

    era: int
    began: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class GateView:
    """What people see of a gate. `opens_at` is when it opens, if it is shut by the clock."""

    state: str
    slots: int
    opens_at: datetime | None = None


class Gate:
    """The breaker, the limit, the hours and the pause of one destination, put together."""

    def __init__(self, conduct: Conduct, concurrency: int, clock: Clock) -> None:
        self._conduct = conduct
        self._clock = clock
        self._breaker = Breaker()
        self._flow = full_flow(concurrency)
        self._concurrency = concurrency
        self.paused = False
        self.held = False
        """Another worker's breaker is open: it probes, and this one waits for what it finds."""
        self.is_missed = True
        """It was away, or may have been before this gate was made: what failed for that waits for it to come back."""
        self._answers = False

    def slots(self) -> int:
        """How many handoffs may be under way now; 0 when none may begin."""
        policy, most = self._conduct.breaker, self._flow.slots
        if self.paused or self.held or self.opens_at(urgent=True) is not None:
            return 0
        if self._breaker.state is BreakerState.CLOSED:
            return most
        is_waiting = (
            self._breaker.state is BreakerState.OPEN and room(self._breaker, policy, self._clock.monotonic()) == 0
        )
        return 0 if is_waiting else min(policy.probes, most)

    def takes_only_urgent(self) -> bool:
        """Whether it is closed for all but emergencies."""
        return self.opens_at(urgent=False) is not None

    def opens_at(self, *, urgent: bool, at: datetime | None = None) -> datetime | None:
        """When the destination's hours let calls through again; None when they do at `at`, or now."""
        moment = at or self._clock.now()
        opening = opens_at(self._conduct.opening, moment, urgent=urgent)
        return None if opening == moment else opening

    def is_shut(self, priority: int) -> bool:
        """Whether a call of this priority would be turned away now."""
        may_begin = room(self._breaker, self._conduct.breaker, self._clock.monotonic())
        return may_begin == 0 or self._is_shut_from_outside(priority)

    def enter(self, priority: int) -> Pass | None:
        """Leave to make a call, or None when it must not be made now."""
        if self._is_shut_from_outside(priority):
            return None
        now = self._clock.monotonic()
        breaker = let_through(self._breaker, self._conduct.breaker, now)
        if breaker is None:
            return None
        self._breaker = breaker
        return Pass(breaker.era, now)

    def leave(self, leave: Pass, sign: Sign, seconds: float) -> None:
        """Give a pass back with what the call said. Given back before: nothing happens."""
        if leave.used:
            return
        leave.used = True
        now, policy = self._clock.monotonic(), self._conduct.breaker
        if sign is Sign.NOTHING:
            self._breaker = told_nothing(self._breaker, leave.era)
        elif sign.is_failure:
            self._breaker = failed(self._breaker, policy, leave.era, now, answered=sign.is_answer)
            self._note_absence()
        else:
            self._breaker = went_well(self._breaker, policy, leave.era, now)
            self._answers = True
        if sign.is_overload:
            self._flow = after_overload(self._flow, leave.began, now)
        elif sign is Sign.WELL:
            self._flow = after_answer(self._flow, seconds, leave.began, now)

    def view(self) -> GateView:
        """The gate as people see it."""
        opening = self.opens_at(urgent=False)
        state = "outside hours" if opening is not None else f"breaker {self._breaker.state.value}"
        if opening is None and self._breaker.state is BreakerState.CLOSED:
            state = "held by a breaker" if self.held else "open"
        return GateView(state, self._flow.slots, opening)

    def share(self, workers: Sequence[UUID], mine: UUID) -> None:
        """These workers share the destination."""
        self._flow = resized(self._flow, share_of(self._concurrency, workers, mine))

    @property
    def is_left_out(self) -> bool:
        """Whether there are more workers than calls at once, and none of these are this one's."""
        return self._flow.most == 0

    def close(self) -> None:
        """Another worker's probe went well: this one's breaker closes with it."""
        if self._breaker.state is not BreakerState.CLOSED:
            self._breaker = Breaker(era=self._breaker.era + 1)

    def is_back(self) -> bool:
        """Whether it was missed and answers again."""
        self._note_absence()
        return self.is_missed and self._answers

    @property
    def breaker_state(self) -> BreakerState:
        """The breaker's state."""
        return self._breaker.state

    def _note_absence(self) -> None:
        if self.held or self._breaker.state is not BreakerState.CLOSED:
            self.is_missed, self._answers = True, False

    def _is_shut_from_outside(self, priority: int) -> bool:
        return self.paused or self.held or self.opens_at(urgent=priority == URGENT) is not None
