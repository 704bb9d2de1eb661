"""How a condition becomes an alert and ends: only once it has lasted, and only once it has stayed away; no flapping."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gateway.alerts.conditions import Condition, Kind
from schemas.base import Json


class State(StrEnum):
    """Where an alert stands."""

    SEEN = "seen"
    """The condition holds, not yet for long enough to tell anybody."""
    RAISED = "raised"
    """Operations was told."""
    CLEARED = "cleared"
    """The condition has stayed away, and operations was told that too."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert. `since`: when its condition was first seen; `last_at`: when last."""

    id: UUID
    kind: Kind
    subject: str
    state: State
    since: datetime
    last_at: datetime
    detail: Mapping[str, Json]
    raised_at: datetime | None = None
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of an alert: as it was (None: it is new), as it is (None: it is forgotten), who must be told."""

    before: Alert | None
    after: Alert | None
    tell: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long before anybody is told: `holds` by kind, and `quiet` before an end counts."""

    holds: Mapping[Kind, timedelta]
    quiet: timedelta


USUAL = Patience({Kind.DESTINATION_DOWN: timedelta(minutes=1)}, timedelta(minutes=5))


def steps(
    known: Iterable[Alert], found: Iterable[Condition], at: datetime, patience: Patience, name: Callable[[], UUID]
) -> list[Step]:
    """What becomes of the alerts that are known and not cleared, and which are new. `name` gives new ids."""
    holding = {(one.kind, one.subject): one for one in found}
    taken = [_next(alert, holding.pop((alert.kind, alert.subject), None), at, patience) for alert in known]
    fresh = [_begun(condition, at, patience, name()) for condition in holding.values()]
    return [*(step for step in taken if step is not None), *fresh]


def _begun(condition: Condition, at: datetime, patience: Patience, identity: UUID) -> Step:
    seen = Alert(identity, condition.kind, condition.subject, State.SEEN, at, at, condition.detail)
    if patience.holds.get(condition.kind):
        return Step(None, seen)
    return Step(None, replace(seen, state=State.RAISED, raised_at=at), tell=True)


def _next(alert: Alert, condition: Condition | None, at: datetime, patience: Patience) -> Step | None:
    if condition is None:
        return _absent(alert, at, patience)
    still = replace(alert, last_at=at, detail=condition.detail)
    if alert.state is State.SEEN and at - alert.since >= patience.holds.get(alert.kind, timedelta(0)):
        return Step(alert, replace(still, state=State.RAISED, raised_at=at), tell=True)
    return Step(alert, still)


def _absent(alert: Alert, at: datetime, patience: Patience) -> Step | None:
    if alert.state is State.SEEN:
        return Step(alert, None)
    if at - alert.last_at >= patience.quiet:
        return Step(alert, replace(alert, state=State.CLEARED, cleared_at=at), tell=True)
    return None
