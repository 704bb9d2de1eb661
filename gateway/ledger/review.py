"""The review queue: reports that screening set aside and that nobody decided yet, the oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.dialects import word
from gateway.ledger.examples import keep_example
from gateway.ledger.shapes import PARKED
from gateway.ledger.tables import parked, reports
from gateway.ledger.types import JsonText
from gateway.ledger.values import ExampleRow, ParkedRow
from schemas.base import Json
from schemas.handoff import ParkStage

CORRECT = "correct"
_WAITING = (parked.c.state == word("parked")) & (parked.c.stage == word(ParkStage.SCREEN.value))
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
    .order_by(parked.c.parked_at, parked.c.id)
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


def list_review(
    conn: Connection, *, until: datetime | None = None, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Waiting]:
    """What waits, the longest waiting first. `until`: only what was set aside by then; `after`: the last seen."""
    query = _QUEUE.limit(limit)
    if until is not None:
        query = query.where(parked.c.parked_at <= until)
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


def _waiting(row: Sequence[Any]) -> Waiting:
    *of_parked, code, verdict, decision, is_priority = row
    return Waiting(PARKED.value(of_parked), code, verdict, decision, is_priority)
