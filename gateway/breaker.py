"""A destination's circuit breaker: when calls are let through, and what each call's end says about the next.

closed     every call is let through; too many failures in the window, or in a row without any answer → open
open       no call is let through until the pause is over, each pause twice as long as the one before → half-open
half-open  a few calls at once, the probes: the first that goes well → closed, one that fails → open

The rate is sampled as in Convoy's breaker (failures over calls in a sliding window, from a least number of calls on).
Times are seconds of a clock that never jumps. Nothing here knows what was called.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

_BUCKETS = 12
"""The window slides in so many steps."""


class BreakerState(StrEnum):
    """Whether calls are let through."""

    CLOSED = "closed"
    """All of them."""
    HALF_OPEN = "half-open"
    """A few, to see whether it is well again."""
    OPEN = "open"
    """None."""


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When a breaker opens and how long it stays open. Times in seconds.

    It opens when of at least `samples` calls in the last `window` the share `rate` failed, or when `row` calls one
    after the other got no answer at all. The first pause is `pause`, each after a failed probe twice as long, up to
    `longest`. `probes` calls may be under way while it is half-open.
    """

    rate: float = 0.5
    samples: int = 20
    window: float = 60.0
    row: int = 8
    pause: float = 5.0
    longest: float = 300.0
    probes: int = 2


@dataclass(frozen=True, slots=True)
class Breaker:
    """The state of one breaker. `counts` are (step of the window, calls, failures), the oldest first.

    `era` counts the changes of state: a call let through in another era tells nothing about this one.
    """

    state: BreakerState = BreakerState.CLOSED
    counts: tuple[tuple[int, int, int], ...] = ()
    in_a_row: int = 0
    pauses: int = 0
    until: float = 0.0
    probing: int = 0
    era: int = 0


def room(breaker: Breaker, policy: BreakerPolicy, now: float) -> int | None:
    """How many more calls would be let through now; None: any number."""
    if breaker.state is BreakerState.CLOSED:
        return None
    if breaker.state is BreakerState.HALF_OPEN:
        return max(0, policy.probes - breaker.probing)
    return policy.probes if now >= breaker.until else 0


def let_through(breaker: Breaker, policy: BreakerPolicy, now: float) -> Breaker | None:
    """The breaker with one more call under way; None when that call must not be made."""
    if room(breaker, policy, now) == 0:
        return None
    if breaker.state is BreakerState.CLOSED:
        return breaker
    if breaker.state is BreakerState.OPEN:
        breaker = replace(breaker, state=BreakerState.HALF_OPEN, probing=0, era=breaker.era + 1)
    return replace(breaker, probing=breaker.probing + 1)


def went_well(breaker: Breaker, policy: BreakerPolicy, era: int, now: float) -> Breaker:
    """A call let through in `era` was answered."""
    if era != breaker.era:
        return breaker
    if breaker.state is BreakerState.HALF_OPEN:
        return Breaker(era=breaker.era + 1)
    return replace(breaker, counts=_counted(breaker, policy, now, failed=False), in_a_row=0)


def failed(breaker: Breaker, policy: BreakerPolicy, era: int, now: float, *, answered: bool) -> Breaker:
    """A call let through in `era` failed; `answered`: the destination said so itself."""
    if era != breaker.era:
        return breaker
    if breaker.state is BreakerState.HALF_OPEN:
        return _opened(breaker, policy, now)
    counts = _counted(breaker, policy, now, failed=True)
    in_a_row = 0 if answered else breaker.in_a_row + 1
    calls, failures = sum(count[1] for count in counts), sum(count[2] for count in counts)
    if in_a_row >= policy.row or (calls >= policy.samples and failures >= policy.rate * calls):
        return _opened(breaker, policy, now)
    return replace(breaker, counts=counts, in_a_row=in_a_row)


def told_nothing(breaker: Breaker, era: int) -> Breaker:
    """A call let through in `era` was not made after all, or says nothing about the destination."""
    if era != breaker.era or breaker.state is not BreakerState.HALF_OPEN:
        return breaker
    return replace(breaker, probing=max(0, breaker.probing - 1))


def _opened(breaker: Breaker, policy: BreakerPolicy, now: float) -> Breaker:
    pauses = breaker.pauses + 1
    pause = min(policy.pause * 2.0 ** min(pauses - 1, 32), max(policy.longest, policy.pause))
    return Breaker(state=BreakerState.OPEN, pauses=pauses, until=now + pause, era=breaker.era + 1)


def _counted(breaker: Breaker, policy: BreakerPolicy, now: float, *, failed: bool) -> tuple[tuple[int, int, int], ...]:
    step = int(now * _BUCKETS / policy.window)
    kept = tuple(count for count in breaker.counts if step - _BUCKETS < count[0] <= step)
    if kept and kept[-1][0] == step:
        _, calls, failures = kept[-1]
        return (*kept[:-1], (step, calls + 1, failures + failed))
    return (*kept, (step, 1, int(failed)))
