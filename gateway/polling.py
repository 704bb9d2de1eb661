"""When to ask a destination about a case again: often when it is fresh, seldom when it is old, soon after a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.retry import LONGEST_RETRY_AFTER

_LARGEST_EXPONENT = 30


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """How often a destination is asked about a case. All times in seconds.

    The wait is `share` of the time since the case last changed, never under `soonest`, never over `longest`. `jitter`
    is the share by which a wait may be longer, 0 to 1.
    """

    soonest: float = 600.0
    longest: float = 12 * 3600.0
    share: float = 0.1
    jitter: float = 0.2


def next_poll(
    policy: PollPolicy,
    now: datetime,
    changed_at: datetime,
    chance: Callable[[], float],
    *,
    failures: int = 0,
    retry_after: float | None = None,
) -> datetime:
    """When to ask again about a case that last changed at `changed_at`.

    `failures` counts the askings in a row that brought no answer: each doubles the shortest wait. `retry_after` is what
    the destination asked for (capped at a day). `chance` gives a number in [0, 1).
    """
    quiet = max((now - changed_at).total_seconds(), 0.0)
    patience = policy.soonest * 2.0 ** min(failures, _LARGEST_EXPONENT)
    seconds = min(max(policy.share * quiet, patience), policy.longest) * (1.0 + policy.jitter * chance())
    if retry_after is not None:
        seconds = max(seconds, min(retry_after, LONGEST_RETRY_AFTER))
    return now + timedelta(seconds=seconds)
