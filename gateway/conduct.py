"""How the gateway conducts itself towards one destination, as its entry of the configuration says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gateway.breaker import BreakerPolicy
from gateway.hours import ALWAYS, Opening


@dataclass(frozen=True, slots=True)
class Deadline:
    """After so many seconds since it was accepted a handoff is parked; `alarms` are ages at which it is told before."""

    seconds: float
    alarms: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What becomes of a handoff that is uncertain, cannot be asked about and must not be repeated, after `seconds`."""

    seconds: float = 24 * 3600.0
    then: Literal["wait", "resend", "park"] = "wait"


@dataclass(frozen=True, slots=True)
class Drift:
    """A change in the shape of replies is noticed after `samples` good ones, by `replies` changed ones in a row."""

    samples: int = 20
    replies: int = 3
    hold: bool = True


@dataclass(frozen=True, slots=True)
class Conduct:
    """The whole of it. Everything has a sensible default."""

    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    opening: Opening = ALWAYS
    deadline: Deadline | None = None
    doubt: Doubt = field(default_factory=Doubt)
    drift: Drift = field(default_factory=Drift)
