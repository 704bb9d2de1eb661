"""A destination as dispatch works it, and what working it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from adapters.contract import Case, Destination, Step
from gateway.attachments import Files
from gateway.clock import Clock
from gateway.conduct import Conduct
from gateway.config import DestinationConfig, Rate
from gateway.failpoints import Reach
from gateway.gate import URGENT, Gate
from gateway.ledger import Ledger
from gateway.lifecycle import Standing, recalled
from gateway.metrics import Metrics
from gateway.pace import Pace
from gateway.retry import RetryPolicy, for_urgent
from gateway.sentinel import Sentinel
from gateway.spans import Spans
from gateway.vault import Vault
from schemas.handoff import Repeat


@dataclass(frozen=True, slots=True)
class Line:
    """One destination: its adapter, how it is retried and paced, whether it may see identities, gate and sentinel."""

    destination: Destination
    policy: RetryPolicy
    identity: bool
    concurrency: int
    pace: Pace
    gate: Gate
    conduct: Conduct
    sentinel: Sentinel
    rate: Rate | None = None

    def policy_for(self, priority: int) -> RetryPolicy:
        """How a handoff of a priority is retried."""
        return for_urgent(self.policy) if priority == URGENT else self.policy


@dataclass(frozen=True, slots=True)
class Tools:
    """What handing off needs besides the line."""

    ledger: Ledger
    vault: Vault
    files: Files
    clock: Clock
    metrics: Metrics
    chance: Callable[[], float]
    reach: Reach
    spans: Spans | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """The worker on whose behalf this runs. `may_send` turns False when it can no longer be sure of its lease."""

    worker: UUID
    may_send: Callable[[], bool]


def recall(destination: Destination, case: Case, standing: Standing) -> Standing:
    """The standing before the next step, with the doubt that a restored handoff is in."""
    step = destination.next_step(case) if standing.restored else None
    return standing if step is None else recalled(standing, step)


def step_to_try(destination: Destination, case: Case, standing: Standing) -> tuple[Step | None, bool]:
    """The step to try now, and whether it is a look-up of one whose outcome is not known."""
    standing = recall(destination, case, standing)
    step = destination.next_step(case)
    if step is not None and step.name == standing.uncertain_step and step.repeat is Repeat.LOOKUP:
        return destination.lookup_step(case, step.name), True
    return step, False


def line_of(entry: DestinationConfig, clock: Clock) -> Line:
    """The line of a destination of the configuration, its adapter built."""
    apart = entry.rate.seconds / entry.rate.calls if entry.rate else 0.0
    return Line(
        entry.kind.build(entry.entry),
        entry.retry,
        entry.identity,
        entry.concurrency,
        Pace(apart, clock.monotonic),
        Gate(entry.conduct, entry.concurrency, clock),
        entry.conduct,
        Sentinel(entry.conduct.drift),
        entry.rate,
    )
