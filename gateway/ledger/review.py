"""The review queue: what was set aside and nobody decided yet.

Emergencies stand first, then what goes on by itself, the soonest first, then what waits for a person or its reporter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import word
from gateway.ledger.examples import keep_example
from gateway.ledger.set_aside import only_of
from gateway.ledger.shapes import PARKED
from gateway.ledger.tables import parked, reports
from gateway.ledger.types import JsonText
from gateway.ledger.values import ExampleRow, ParkedRow
from schemas.base import Json
from schemas.errors import Invalid
from schemas.handoff import ParkStage
from schemas.screening import NOTHING_SAID, VerdictKind

CORRECT = "correct"
_OPEN = parked.c.state == word("parked")
_WAITING = _OPEN & (parked.c.stage == word(ParkStage.SCREEN.value))
_QUEUE = (
    select(
        *PARKED.columns,
        reports.c.tracking_code,
        reports.c.verdict,
        reports.c.decision,
        reports.c.is_priority,
    )
    .join(reports, reports.c.id == parked.c.report_id)
    .where(_WAITING, reports.c.erased_at.is_(None))
)
_SAYS_NOTHING = or_(*(type_coerce(reports.c.decision, Text).like(f'%"check":"{one}"%') for one in sorted(NOTHING_SAID)))
_HAS_CLOCK = and_(
    parked.c.stage == word(ParkStage.SCREEN.value),
    or_(reports.c.verdict == word(VerdictKind.DUPLICATE.value), not_(func.coalesce(_SAYS_NOTHING, false()))),
)
_ORDER = (case((reports.c.is_priority, 0), else_=1), case((_HAS_CLOCK, 0), else_=1), parked.c.parked_at, parked.c.id)
_ASIDE = select(*PARKED.columns).outerjoin(reports, reports.c.id == parked.c.report_id).where(_OPEN)
_PLACE = (
    select(*_ORDER).outerjoin(reports, reports.c.id == parked.c.report_id).where(parked.c.id == bindparam("after_id"))
)
_CORRECT = (
    update(reports)
    .where(reports.c.id == bindparam("report"), reports.c.erased_at.is_(None))
    .values(
        sealed_report=bindparam("sealed"),
        category_id=bindparam("category"),
        region_code=bindparam("region"),
        classification=bindparam("class_"),
        decision=bindparam("new_decision", type_=JsonText),
    )
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report in the queue. `decision` is as it was stored when it was set aside."""

    parked: ParkedRow
    tracking_code: str
    verdict: str
    decision: Json
    is_priority: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """What a report is from now on. `changed` tells each field with what it was and what it is; never report text.

    `example` is kept to learn from, where that is wanted.
    """

    sealed_report: bytes
    category_id: int | None
    region_code: str | None
    classification: str
    decision: Json
    changed: Mapping[str, Json]
    example: ExampleRow | None = None


def list_review(conn: Connection, *, after: UUID | None = None, limit: int = 50) -> list[Waiting]:
    """The reports that screening set aside. `after` is the last one seen. Raises Invalid when it never was here."""
    return [_waiting(tuple(row)) for row in conn.execute(_ordered(conn, _QUEUE, after).limit(limit))]


def list_aside(
    conn: Connection,
    *,
    stage: ParkStage | None = None,
    channel: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[ParkedRow]:
    """The same with what nobody understood, or could route. Raises Invalid as `list_review` does."""
    query = _ordered(conn, only_of(_ASIDE, stage, channel), after).limit(limit)
    return [PARKED.value(row) for row in conn.execute(query)]


def list_overdue(
    conn: Connection, until: datetime, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Waiting]:
    """What was set aside by then, the longest waiting first; `after`: the last seen."""
    query = _QUEUE.where(parked.c.parked_at <= until).order_by(parked.c.parked_at, parked.c.id).limit(limit)
    if after is not None:
        at, identity = after
        query = query.where((parked.c.parked_at > at) | ((parked.c.parked_at == at) & (parked.c.id > identity)))
    return [_waiting(tuple(row)) for row in conn.execute(query)]


def waiting_among(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, Waiting]:
    """Those of the parked rows that are in the queue, by their ids."""
    rows = [_waiting(tuple(row)) for row in conn.execute(_QUEUE.where(parked.c.id.in_(ids)))] if ids else []
    return {row.parked.id: row for row in rows}


def correct_report(conn: Connection, report_id: UUID, correction: Correction, actor: str, now: datetime) -> bool:
    """Keep what a person says a report is; False when it is not here or erased."""
    values = {
        "report": report_id,
        "sealed": correction.sealed_report,
        "category": correction.category_id,
        "region": correction.region_code,
        "class_": correction.classification,
        "new_decision": correction.decision,
    }
    if conn.execute(_CORRECT, values).rowcount != 1:
        return False
    note_each(conn, [report_id], CORRECT, actor, now, **correction.changed)
    keep_example(conn, correction.example)
    return True


def _ordered(conn: Connection, query: Select[Any], after: UUID | None) -> Select[Any]:
    if after is None:
        return query.order_by(*_ORDER)
    place = conn.execute(_PLACE, {"after_id": after}).first()
    if place is None:
        raise Invalid("`after` is no row of this queue")
    seen = tuple_(*(literal(value, column.type) for value, column in zip(place, _ORDER, strict=True)))
    return query.where(tuple_(*_ORDER) > seen).order_by(*_ORDER)


def _waiting(row: Sequence[Any]) -> Waiting:
    *of_parked, code, verdict, decision, is_priority = row
    return Waiting(PARKED.value(of_parked), code, verdict, decision, is_priority)
