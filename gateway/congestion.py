"""How many calls a destination can bear at once, learned from how it answers.

The limit starts at what the configuration allows. A sign of overload halves it, an answer that took far longer than
this destination's answers usually do takes a fifth; every good answer gives a little back, so that as many answers as
there are slots give one slot (additive increase, multiplicative decrease: RFC 5681, section 3.1). Signs of calls that
began before the last decrease are the same overload and count once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

_HALVED = 0.5
_EASED = 0.8
_FAR_OVER = 5.0
_SLOW_AT_LEAST = 1.0
"""Seconds; an answer faster than this is never taken for a sign of overload, however fast the others are."""
_LEARNS = 0.05


@dataclass(frozen=True, slots=True)
class Flow:
    """What is known of a destination. `usual` is how long its good answers take, in seconds; None before the first."""

    most: int
    limit: float
    usual: float | None = None
    eased_at: float = float("-inf")

    @property
    def slots(self) -> int:
        """How many calls may be under way: at least 1, at most what is allowed."""
        return min(self.most, max(1, int(self.limit + 1e-9)))


def full_flow(most: int) -> Flow:
    """Nothing is known yet: all that the configuration allows."""
    return Flow(most, float(most))


def resized(flow: Flow, most: int) -> Flow:
    """The same destination when something else is allowed: other workers share it, or no longer do."""
    if flow.most == most:
        return flow
    untouched = flow.limit >= flow.most
    return replace(flow, most=most, limit=float(most) if untouched else min(flow.limit, most))


def after_answer(flow: Flow, seconds: float, began: float, now: float) -> Flow:
    """A call that began at `began` was answered well after so many seconds."""
    if _is_far_over(flow.usual, seconds):
        return _decreased(replace(flow, usual=_learned(flow.usual, seconds)), _EASED, began, now)
    grown = min(float(flow.most), flow.limit + 1.0 / max(flow.limit, 1.0))
    return replace(flow, limit=grown, usual=_learned(flow.usual, seconds))


def after_overload(flow: Flow, began: float, now: float) -> Flow:
    """A call that began at `began` was turned away as too many, or got no answer in time."""
    return _decreased(flow, _HALVED, began, now)


def _decreased(flow: Flow, share: float, began: float, now: float) -> Flow:
    if began < flow.eased_at:
        return flow
    return replace(flow, limit=max(1.0, min(flow.limit, flow.most) * share), eased_at=now)


def _is_far_over(usual: float | None, seconds: float) -> bool:
    return usual is not None and seconds > max(_SLOW_AT_LEAST, _FAR_OVER * usual)


def _learned(usual: float | None, seconds: float) -> float:
    """Follows the answers slowly, so that a destination that became slow for good is not held down for ever."""
    return seconds if usual is None else usual + _LEARNS * (seconds - usual)
