"""When to try again: tenacity's policies composed for one destination.

The ledger owns every retry: this module only answers how long to wait, or that it is enough. The waits are tenacity's
own (`wait_chain` of the quick tries, then `wait_exponential`), the end is tenacity's `stop_after_delay`; jitter is
applied here because chance is an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from tenacity import RetryCallState, Retrying, stop_after_delay, wait_chain, wait_exponential, wait_fixed
from tenacity.stop import stop_base
from tenacity.wait import wait_base

HOUR = 3600.0
MINIMUM_HORIZON = 76 * HOUR
LONGEST_RETRY_AFTER = 24 * HOUR
LONGEST_FOR_URGENT = HOUR / 4
"""An emergency is not left alone for longer than this, whatever its destination's policy says of other reports."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a destination is retried. All times in seconds.

    `quick` are the first waits, one each; after them the wait grows by `growth` from the last of them up to `longest`;
    `horizon` after the clock began no further try is made. `jitter` is the share by which a wait may be longer, 0 to 1.
    The default horizon of 76 hours outlives a weekend with a holiday (Standard Webhooks recommends 75).
    """

    quick: tuple[float, ...] = (5.0, 30.0, 120.0, 600.0)
    longest: float = 6 * HOUR
    horizon: float = MINIMUM_HORIZON
    jitter: float = 0.2
    growth: float = 2.0


def next_wait(
    policy: RetryPolicy, tries: int, elapsed: float, retry_after: float | None, chance: Callable[[], float]
) -> float | None:
    """Seconds until the next try, or None when the horizon is reached.

    `tries` counts the tries made so far (1 or more), `elapsed` is the time since the retry clock began, `retry_after`
    what the destination asked for. `chance` gives a number in [0, 1). The wait is never shorter than `retry_after`
    (capped at a day), and a last try is made at the horizon itself when the computed wait would step over it.
    """
    wait, stop = _composed(policy)
    state = _state(tries, elapsed)
    if stop(state):
        return None
    seconds = wait(state) * (1.0 + policy.jitter * chance())
    if retry_after is not None:
        seconds = max(seconds, min(retry_after, LONGEST_RETRY_AFTER))
    return min(seconds, max(policy.horizon - elapsed, 1.0))


def for_urgent(policy: RetryPolicy) -> RetryPolicy:
    """The policy for an emergency: the same waits, none longer than `LONGEST_FOR_URGENT`."""
    quick = tuple(min(seconds, LONGEST_FOR_URGENT) for seconds in policy.quick)
    return replace(policy, quick=quick, longest=min(policy.longest, LONGEST_FOR_URGENT))


def next_look(policy: RetryPolicy, elapsed: float, every: float, chance: Callable[[], float]) -> float | None:
    """Seconds until a destination's word is looked for again, or None when the horizon is reached.

    Looks come at an even pace, with the policy's jitter; a last one is made at the horizon itself.
    """
    if elapsed >= policy.horizon:
        return None
    seconds = max(every, 1.0) * (1.0 + policy.jitter * chance())
    return min(seconds, max(policy.horizon - elapsed, 1.0))


@lru_cache(maxsize=1024)
def _composed(policy: RetryPolicy) -> tuple[wait_base, stop_base]:
    last = policy.quick[-1] if policy.quick else 1.0
    growing = _after(
        len(policy.quick), wait_exponential(multiplier=last * policy.growth, exp_base=policy.growth, max=policy.longest)
    )
    quick = [wait_fixed(seconds) for seconds in policy.quick]
    return wait_chain(*quick, growing), stop_after_delay(policy.horizon)


class _after(wait_base):  # noqa: N801 - named as tenacity names its waits
    """A wait that begins to count only after the first `skipped` tries."""

    def __init__(self, skipped: int, wait: wait_base) -> None:
        self._skipped = skipped
        self._wait = wait

    def __call__(self, retry_state: RetryCallState) -> float:
        return self._wait(_state(retry_state.attempt_number - self._skipped, 0.0))


def _state(tries: int, elapsed: float) -> RetryCallState:
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = max(tries, 1)
    state.start_time = 0.0
    state.outcome_timestamp = elapsed
    return state
