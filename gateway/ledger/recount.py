"""What a count from outside needs to know of the ledger: every report and handoff, and what was recorded of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, func, select

from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import actions, attempts, handoffs, log_head, parked, reports, results
from gateway.ledger.values import HandoffRow
from schemas.handoff import HandoffState, OutcomeKind, ResultSource

Tried = tuple[UUID, str]
"""A handoff and a step."""

_ATTEMPTS = select(attempts.c.handoff_id, attempts.c.step, func.count()).group_by(
    attempts.c.handoff_id, attempts.c.step
)
_OUTCOMES = (
    select(attempts.c.handoff_id, attempts.c.step, results.c.outcome, func.count())
    .join_from(attempts, results, results.c.attempt_id == attempts.c.id)
    .group_by(attempts.c.handoff_id, attempts.c.step, results.c.outcome)
)
_SENT_AGAIN = select(actions.c.subject, actions.c.actor, actions.c.action, actions.c.detail).where(
    actions.c.action.in_(("resolve", "redrive"))
)
_REAPED = select(func.count()).select_from(results).where(results.c.source == ResultSource.REAPER)


@dataclass(frozen=True, slots=True)
class Recount:
    """The ledger as it stood at one moment.

    `reports` gives the tracking code of each. `attempts` are counted by handoff and step, `outcomes` by their kind too.
    `releases` are the decisions, of a rule or a person, to send a handoff again; `aside` are reports that wait without
    a handoff; `reaped` counts attempts whose worker died under way.
    """

    reports: dict[str, str]
    handoffs: list[HandoffRow]
    attempts: Counter[Tried]
    outcomes: Counter[tuple[UUID, str, str]]
    releases: Counter[UUID]
    released_by: Counter[str]
    aside: frozenset[str]
    reaped: int

    def doubts(self, handoff: UUID, step: str) -> int:
        """How often it was recorded of a step that it may have arrived."""
        return self.outcomes[handoff, step, OutcomeKind.UNCERTAIN]

    def setbacks(self, handoff: UUID) -> int:
        """How many results of a handoff were other than delivered."""
        return sum(
            count
            for (which, _, outcome), count in self.outcomes.items()
            if which == handoff and outcome != OutcomeKind.DELIVERED
        )


def recount(conn: Connection) -> Recount:
    """Everything, in one look."""
    released, by = _releases(conn)
    return Recount(
        reports={str(row[0]): row[1] for row in conn.execute(select(reports.c.id, reports.c.tracking_code))},
        handoffs=[HANDOFF.value(row) for row in conn.execute(select(*HANDOFF.columns))],
        attempts=Counter({(row[0], row[1]): row[2] for row in conn.execute(_ATTEMPTS)}),
        outcomes=Counter({(row[0], row[1], row[2]): row[3] for row in conn.execute(_OUTCOMES)}),
        releases=released,
        released_by=by,
        aside=frozenset(str(row[0]) for row in conn.execute(select(parked.c.report_id)) if row[0] is not None),
        reaped=conn.execute(_REAPED).scalar_one(),
    )


def unrest(conn: Connection) -> tuple[int, int]:
    """How many handoffs have not come to an end, and how many attempts and results no checkpoint signs yet."""
    waiting = select(func.count()).select_from(handoffs).where(handoffs.c.state == HandoffState.PENDING)
    recorded = sum(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in (attempts, results))
    return conn.execute(waiting).scalar_one(), recorded - (conn.execute(select(log_head.c.size)).scalar() or 0)


def handoffs_in(conn: Connection, state: HandoffState) -> list[HandoffRow]:
    """All handoffs in a state."""
    query = select(*HANDOFF.columns).where(handoffs.c.state == state).order_by(handoffs.c.id)
    return [HANDOFF.value(row) for row in conn.execute(query)]


def _releases(conn: Connection) -> tuple[Counter[UUID], Counter[str]]:
    """The decisions to send a handoff again, by handoff, and by who decided."""
    released: Counter[UUID] = Counter()
    by: Counter[str] = Counter()
    for subject, actor, action, detail in conn.execute(_SENT_AGAIN):
        if action == "redrive" or not (detail or {}).get("arrived"):
            released[UUID(subject)] += 1
            by[actor] += action == "resolve"
    return released, by
