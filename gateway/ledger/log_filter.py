"""A filter of the delivery log, and what it lets through among some attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, func, or_, select

from gateway.ledger.dialects import word
from gateway.ledger.tables import attempts, handoffs, results
from schemas.handoff import HandoffState, OutcomeKind
from schemas.ids import uuid7

_NOTHING = bytes(10)
_FREE = and_(handoffs.c.state == word("pending"), handoffs.c.owner.is_(None))
_BY_INDEX = or_(
    and_(_FREE, handoffs.c.rung_at.is_(None)),
    and_(_FREE, handoffs.c.rung_at.is_not(None)),
    handoffs.c.owner.is_not(None),
)
"""Every pending handoff, as three partial indexes have them between them; no index has all."""
_HANDOFFS_CHANNEL = select(handoffs.c.channel).where(handoffs.c.id == attempts.c.handoff_id).correlate(attempts)


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which attempts. None matches all; `since` (included) and `until` (not included) are when they began.

    `reason` is a reason's token or part of one; `report_ids` are the only reports whose attempts are wanted.
    """

    destination: str | None = None
    channel: str | None = None
    state: HandoffState | None = None
    outcome: OutcomeKind | None = None
    reason: str | None = None
    report_ids: tuple[UUID, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter with its reasons looked up (None: any will do) and its times as bounds of ids, the second not in it."""

    wanted: LogFilter
    reasons: Sequence[str] | None
    since: UUID | None
    before: UUID | None

    @property
    def outcomes(self) -> list[OutcomeKind]:
        """Those that will do: an index that begins with them is of no use to who names none."""
        return list(OutcomeKind) if self.wanted.outcome is None else [self.wanted.outcome]

    def within(self, column: Column[Any]) -> list[ColumnElement[bool]]:
        """The bounds of a column of attempts' ids."""
        since = [] if self.since is None else [column >= self.since]
        return since if self.before is None else [*since, column < self.before]


def asked_of(conn: Connection, wanted: LogFilter, before: UUID | None = None) -> Asked:
    """What a filter asks of the ledger as it is. `before` is the last id of the page before."""
    since = None if wanted.since is None else uuid7(wanted.since, _NOTHING)
    until = [] if wanted.until is None else [uuid7(wanted.until, _NOTHING)]
    ends = until if before is None else [*until, before]
    return Asked(wanted, _reasons(conn, wanted.reason), since, min(ends, default=None))


def reasons_known(conn: Connection) -> list[str]:
    """Every reason that any attempt ever ended with: one look into the index for each."""
    first = select(func.min(results.c.reason).label("reason")).cte("reasons", recursive=True)
    after = select(func.min(results.c.reason)).where(results.c.reason > first.c.reason)
    every = first.union_all(select(after.correlate(first).scalar_subquery()).where(first.c.reason.is_not(None)))
    return list(conn.execute(select(every.c.reason).where(every.c.reason.is_not(None))).scalars())


def fitting(conn: Connection, asked: Asked, among: Select[Any], limit: int) -> list[UUID]:
    """The newest of these ids of attempts that the filter lets through, each once.

    Each is looked up by its id and by nothing else, which an OFFSET has PostgreSQL do too: of conditions that go
    together more often than it thinks, it would work out the whole. What an index could do is done by who says among
    which to look.
    """
    wanted, near = asked.wanted, among.subquery("near")
    query = select(near.c.id)
    if (wanted.destination, wanted.channel, wanted.state, wanted.report_ids) != (None, None, None, None):
        query = query.where(_attempted(wanted, near.c.id).offset(0).correlate(near).exists())
    if wanted.outcome is not None or asked.reasons is not None:
        query = query.where(_ended(asked, near.c.id).offset(0).correlate(near).exists())
    return list(conn.execute(query.distinct().order_by(near.c.id.desc()).limit(limit)).scalars())


def of_handoffs(wanted: LogFilter) -> list[ColumnElement[bool]]:
    """What is asked for about handoffs: their own state and report, and what their attempts have from them."""
    asked: list[ColumnElement[bool]] = []
    if wanted.destination is not None:
        asked.append(handoffs.c.destination == wanted.destination)
    if wanted.channel is not None:
        asked.append(handoffs.c.channel == wanted.channel)
    if wanted.report_ids is not None:
        asked.append(handoffs.c.report_id.in_(wanted.report_ids))
    if wanted.state is not None:
        asked.append(handoffs.c.state == word(wanted.state.value))
    return [*asked, _BY_INDEX] if wanted.state is HandoffState.PENDING else asked


def _attempted(wanted: LogFilter, attempt_id: ColumnElement[Any]) -> Select[Any]:
    its = select(attempts.c.seq).where(attempts.c.id == attempt_id)
    if wanted.destination is not None:
        its = its.where(attempts.c.destination == wanted.destination)
    if wanted.channel is not None:  # also where it was not filled in yet (gateway.ledger.unfilled)
        unfilled = and_(attempts.c.channel.is_(None), _HANDOFFS_CHANNEL.scalar_subquery() == wanted.channel)
        its = its.where(or_(attempts.c.channel == wanted.channel, unfilled))
    if wanted.report_ids is not None:
        its = its.where(attempts.c.report_id.in_(wanted.report_ids))
    if wanted.state is None:
        return its
    its = its.join(handoffs, handoffs.c.id == attempts.c.handoff_id)
    return its.where(handoffs.c.state == word(wanted.state.value))  # what else it has, the attempt has too


def _ended(asked: Asked, attempt_id: ColumnElement[Any]) -> Select[Any]:
    its = select(results.c.seq).where(results.c.attempt_id == attempt_id, results.c.outcome.in_(asked.outcomes))
    return its if asked.reasons is None else its.where(results.c.reason.in_(asked.reasons))


def _reasons(conn: Connection, part: str | None) -> Sequence[str] | None:
    """The reasons that are this one, or else hold it; None: any."""
    if part is None:
        return None
    known = reasons_known(conn)
    if part in known:
        return [part]
    return [reason for reason in known if part.lower() in reason.lower()]
