"""Attempts: written before they are made, and what they came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, and_, bindparam, false, func, select

from gateway.ledger import tables
from gateway.ledger.dialects import Dialect
from gateway.ledger.leases import living_among, living_of
from gateway.ledger.many import Changes, Inserts, Together
from gateway.ledger.not_ours import note_refused
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import ATTEMPT, RESULT
from gateway.ledger.tables import handoffs, results, workers
from gateway.ledger.values import Begin, End, EndedAs, HandoffChange, ResultRow
from schemas.errors import Fenced
from schemas.handoff import NOT_OURS, Evidence, HandoffState, OutcomeKind, ResultSource

_Ended = dict[tuple[UUID, str], bytes]
"""The leaves of the results that attempts have, by attempt and source."""

_ATTEMPTS = Inserts(tables.attempts)
_RESULTS = Inserts(results)
_OWNED_EACH = Prepared(
    lambda dialect: (
        select(handoffs.c.id, handoffs.c.owner, handoffs.c.channel)
        .join(workers, and_(workers.c.id == handoffs.c.owner, workers.c.reaped_at.is_(None)))
        .where(dialect.among(handoffs.c.id, "ids"))
        .with_for_update(read=True, of=workers)
    )
)
"""Under the lock of `living_of`."""


def _standing(dialect: Dialect) -> Any:
    """Where handoffs stand, under their locks; whether their owners live; and how many of the attempts had an end."""
    living = living_among(dialect, "owners").cte("living")
    ended = select(func.count()).select_from(results).where(dialect.among(results.c.attempt_id, "attempts"))
    return (
        select(
            handoffs.c.id,
            handoffs.c.owner,
            handoffs.c.state,
            handoffs.c.uncertain_step,
            handoffs.c.released,
            handoffs.c.tries,
            func.coalesce(handoffs.c.owner.in_(select(living.c.id)), false()),
            ended.scalar_subquery(),
        )
        .where(dialect.among(handoffs.c.id, "ids"))
        .order_by(handoffs.c.id)
        .with_for_update(of=handoffs)
    )


_STANDING = Prepared(_standing)
_ENDED = Prepared(
    lambda dialect: select(results.c.attempt_id, results.c.source, results.c.leaf).where(
        dialect.among(results.c.attempt_id, "ids")
    )
)
_CHANGE = Changes(
    handoffs,
    "state",
    "progress",
    "uncertain_step",
    "released",
    "tries",
    "step_tries",
    "due_at",
    "clock_from",
    "stage",
    "reason",
    "evidence",
    "reference",
    "restored",
    "owner",
    "updated_at",
    rung_at=None,
)
HORIZON_REACHED = "horizon_reached"
"""The reason of a handoff that is tried no more because time ran out: what was wrong is its last attempt's."""
_LAST_ERROR = Changes(handoffs, "last_error")
_END = Together(_RESULTS, _CHANGE)
_OWNED = select(handoffs.c.owner).where(handoffs.c.id == bindparam("handoff")).with_for_update()


@dataclass(frozen=True, slots=True)
class _Standing:
    """What decides whether the end of an attempt still counts."""

    id: UUID
    owner: UUID | None
    state: str
    uncertain_step: str | None
    released: bool
    tries: int
    owner_lives: bool


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What becomes of one end: the result and the change that are to be written, if any."""

    ended_as: EndedAs
    result: ResultRow | None = None
    change: HandoffChange | None = None


def begin_attempts(conn: Connection, items: list[Begin]) -> list[bool]:
    """Record attempts that are about to be made; False for one whose handoff is not its worker's any more.

    Raises Fenced when a worker was taken for dead or is not registered.
    """
    rows = _OWNED_EACH.rows(conn, {"ids": [item.handoff_id for item in items]})
    owned = {(identity, owner): channel for identity, owner, channel in rows}
    places = [(item.handoff_id, item.worker) for item in items]
    doubted = {item.worker for item, place in zip(items, places, strict=True) if place not in owned}
    if living_of(conn, doubted) != doubted:
        raise Fenced("this worker was taken for dead: it may not send")
    begun = [
        ATTEMPT.parameters(item) | {"channel": owned[place]}
        for item, place in zip(items, places, strict=True)
        if place in owned
    ]
    _ATTEMPTS.run(conn, begun)
    return [place in owned for place in places]


def end_attempts(conn: Connection, items: list[End]) -> list[EndedAs]:
    """Record what attempts came to, and change their handoffs, if they are still their workers'.

    What a worker reports after it was taken for dead is recorded as late. It changes the handoff only if nobody has
    taken it up yet, or if it says `delivered` while that is still the open question.
    """
    answers: dict[int, EndedAs] = {}
    left = list(enumerate(items))
    while left:  # one handoff once in each round, so that a second end sees what the first has changed
        now: dict[UUID, tuple[int, End]] = {}
        for place, item in left:
            now.setdefault(item.handoff_id, (place, item))
        left = [(place, item) for place, item in left if now[item.handoff_id][0] != place]
        places = [place for place, _ in now.values()]
        answers.update(zip(places, _end(conn, [item for _, item in now.values()]), strict=True))
    return [answers[place] for place in range(len(items))]


def settle(conn: Connection, handoff_id: UUID, worker: UUID, change: HandoffChange, now: datetime) -> bool:
    """Write a change that no attempt led to; False when the handoff is not the worker's."""
    if conn.execute(_OWNED, {"handoff": handoff_id}).scalar() != worker:
        return False
    change_handoffs(conn, [change_parameters(handoff_id, change, None, now)])
    return True


def change_parameters(handoff_id: UUID, change: HandoffChange, owner: UUID | None, now: datetime) -> dict[str, Any]:
    """The new values of a handoff, for `change_handoffs`."""
    return {
        "id": handoff_id,
        "state": change.state,
        "progress": change.progress,
        "uncertain_step": change.uncertain_step,
        "released": change.released,
        "tries": change.tries,
        "step_tries": change.step_tries,
        "due_at": change.due_at,
        "clock_from": change.clock_from,
        "stage": change.stage,
        "reason": _fitting(handoffs.c.reason, change.reason),
        "evidence": change.evidence,
        "reference": _fitting(handoffs.c.reference, change.reference),
        "restored": change.restored,
        "owner": owner,
        "updated_at": now,
    }


def _fitting(column: Column[str], text: str | None) -> str | None:
    """What others wrote, as the column can hold it: it must not keep an end from being recorded."""
    return None if text is None else text.replace("\0", "")[: getattr(column.type, "length", None)]


def change_handoffs(conn: Connection, rows: list[dict[str, Any]]) -> None:
    """Give handoffs their new values."""
    _CHANGE.run(conn, rows)


def insert_results(conn: Connection, rows: Iterable[ResultRow]) -> None:
    """Record results, each once."""
    _RESULTS.run(conn, [RESULT.parameters(row) for row in rows])


def _end(conn: Connection, items: Sequence[End]) -> list[EndedAs]:
    standing, ended = _looked_up(conn, items)
    verdicts = [_judge(item, standing.get(item.handoff_id), ended) for item in items]
    changes = [
        change_parameters(item.handoff_id, verdict.change, _next_owner(item, verdict), item.result.ended_at)
        for item, verdict in zip(items, verdicts, strict=True)
        if verdict.change
    ]
    _END.run(conn, [RESULT.parameters(verdict.result) for verdict in verdicts if verdict.result], changes)
    _note_last_errors(conn, items, verdicts)
    note_refused(
        conn,
        [
            (item.result.attempt_id, item.handoff_id, item.result.ended_at)
            for item, verdict in zip(items, verdicts, strict=True)
            if verdict.change and _is_not_ours(verdict.change)
        ],
    )
    return [verdict.ended_as for verdict in verdicts]


def _looked_up(conn: Connection, items: Sequence[End]) -> tuple[dict[UUID, _Standing], _Ended]:
    """How the handoffs stand, and which of the attempts have an end already: nearly always none has."""
    attempts = [item.result.attempt_id for item in items]
    rows = _STANDING.rows(
        conn,
        {
            "ids": [item.handoff_id for item in items],
            "owners": list({item.owner for item in items}),
            "attempts": attempts,
        },
    )
    standing = {row[0]: _Standing(*row[:-1]) for row in rows}
    if rows and not rows[0][-1]:
        return standing, {}
    found = _ENDED.rows(conn, {"ids": attempts})
    return standing, {(attempt_id, source): leaf for attempt_id, source, leaf in found}


def _note_last_errors(conn: Connection, items: Sequence[End], verdicts: Sequence[_Verdict]) -> None:
    """Beside those that are tried no more, so that nobody has to look each up who asks why they wait."""
    errors = [
        {"id": item.handoff_id, "last_error": _fitting(handoffs.c.last_error, item.result.reason)}
        for item, verdict in zip(items, verdicts, strict=True)
        if verdict.change and verdict.change.reason == HORIZON_REACHED
    ]
    if errors:
        _LAST_ERROR.run(conn, errors)


def _is_not_ours(change: HandoffChange) -> bool:
    return change.state is HandoffState.PARKED and change.reason == NOT_OURS


def _judge(item: End, standing: _Standing | None, ended: _Ended) -> _Verdict:
    result = item.result
    before = ended.get((result.attempt_id, result.source))
    if before is not None:  # this very end was committed before, or another reaper was first
        return _Verdict(EndedAs.APPLIED if before == result.leaf else EndedAs.LATE_NOTED)
    is_its = standing is not None and standing.owner == item.owner
    if result.source is not ResultSource.REPLY:
        return _Verdict(EndedAs.APPLIED, result, item.change) if is_its else _Verdict(EndedAs.LATE_NOTED)
    if standing is not None and is_its and standing.owner_lives:
        return _Verdict(EndedAs.APPLIED, result, item.change)
    if (result.attempt_id, ResultSource.LATE) in ended:
        return _Verdict(EndedAs.LATE_NOTED)
    late = replace(result, source=ResultSource.LATE, leaf=item.late_leaf)
    if standing is not None and (is_its or _settles(item, standing)):
        return _Verdict(EndedAs.LATE_APPLIED, late, _late_change(item, standing))
    return _Verdict(EndedAs.LATE_NOTED, late)


def _late_change(item: End, standing: _Standing) -> HandoffChange:
    """The change of a late end, with what happened meanwhile: if it was released and sent again, there may be two."""
    change = replace(item.change, tries=max(item.change.tries, standing.tries))
    if not standing.released or standing.tries <= item.change.tries:
        return change
    evidence = Evidence.DUPLICATE_SUSPECTED if change.evidence else None
    return replace(change, released=True, evidence=evidence)


def _settles(item: End, standing: _Standing) -> bool:
    """Whether a late end answers what is still asked: did it arrive?"""
    if item.result.outcome is not OutcomeKind.DELIVERED:
        return False
    if standing.state != HandoffState.PENDING or standing.owner is not None:
        return standing.state == HandoffState.UNCERTAIN
    sent_again = standing.tries > item.change.tries
    return standing.uncertain_step == item.step or (standing.released and not sent_again)


def _next_owner(item: End, verdict: _Verdict) -> UUID | None:
    goes_on = verdict.ended_as is EndedAs.APPLIED and item.result.source is ResultSource.REPLY
    return item.owner if goes_on and item.change.keep_owner else None
