"""When intake must take no more: before the disk is full, and when more waits than can be worked off."""

from __future__ import annotations

from dataclasses import dataclass

_RELIEF = 0.1
"""Share of a limit by which things must be better before intake goes on: it must not flicker."""


@dataclass(frozen=True, slots=True)
class Limits:
    """At least so many bytes and so large a share (0 to 1) of the disk free; at most so many handoffs pending in the
    ledger and so many messages waiting for their commit. 0 sets no limit.
    """

    free_bytes: int
    free_share: float
    backlog: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How things stand. `backlog` counts no further than the limit."""

    free_bytes: int
    total_bytes: int
    backlog: int
    waiting: int


def pressure(limits: Limits, reading: Reading, *, was: bool) -> str | None:
    """Why nothing more is to be taken (`disk`, `backlog`, `queue`), or None. `was`: it was so before."""
    more, less = (1.0 + _RELIEF, 1.0 - _RELIEF) if was else (1.0, 1.0)
    needed = max(limits.free_bytes, limits.free_share * reading.total_bytes)
    if reading.free_bytes < needed * more:
        return "disk"
    if limits.backlog and reading.backlog > limits.backlog * less:
        return "backlog"
    if limits.waiting and reading.waiting > limits.waiting * less:
        return "queue"
    return None
