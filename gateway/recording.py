"""The rows of an attempt: what is written before the call, and what after it, each with its leaf in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from gateway import records
from gateway.casework import EXCERPT_PART
from gateway.ledger.values import Begin, HandoffChange, HandoffRow, ResultRow
from gateway.lifecycle import Standing
from gateway.merkle import leaf_hash
from gateway.vault import SubjectKey
from schemas.handoff import Outcome, ResultSource
from schemas.ids import new_id

REQUEST, RESPONSE = "request", "response"
EXCERPT_BYTES = 4096
"""So much of a reply is kept, sealed, for whoever wants to see it later."""


def begin_of(
    handoff: HandoffRow, step: str, number: int, started_at: datetime, worker: UUID, key: SubjectKey, body: bytes
) -> Begin:
    """The row of an attempt that is about to be made, with a salted commitment to the body that is about to go."""
    identity = new_id(started_at)
    facts: dict[str, Any] = {
        "id": identity,
        "handoff_id": handoff.id,
        "report_id": handoff.report_id,
        "destination": handoff.destination,
        "step": step,
        "number": number,
        "started_at": started_at,
        "worker": worker,
        "request": key.commitment(REQUEST, identity, body),
    }
    return Begin(leaf=leaf_hash(records.attempt_record(**facts)), **facts)


def results_of(
    attempt_id: UUID, at: datetime, outcome: Outcome, key: SubjectKey, body: bytes
) -> tuple[ResultRow, ResultRow]:
    """The result of an attempt: as the reply to its worker, and as the same coming late."""
    excerpt = (outcome.excerpt or body)[:EXCERPT_BYTES]
    response = key.commitment(RESPONSE, attempt_id, body) if body else None
    sealed = key.seal(EXCERPT_PART, excerpt) if excerpt else None
    reply = result_of(attempt_id, ResultSource.REPLY, at, outcome, response, sealed)
    return reply, with_source(reply, ResultSource.LATE)


def result_of(
    attempt_id: UUID,
    source: ResultSource,
    at: datetime,
    outcome: Outcome,
    response: bytes | None = None,
    sealed: bytes | None = None,
) -> ResultRow:
    """A result, with its leaf."""
    row = ResultRow(
        attempt_id=attempt_id,
        source=source,
        ended_at=at,
        outcome=outcome.kind,
        reason=outcome.reason,
        status=outcome.status,
        response=response,
        receipt=outcome.receipt.model_dump(mode="json") if outcome.receipt else None,
        sealed_excerpt=sealed,
        leaf=b"",
    )
    return with_source(row, source)


def with_source(row: ResultRow, source: ResultSource) -> ResultRow:
    """The same result recorded by another source. The leaf names the source, so it is another leaf."""
    record = records.result_record(
        attempt_id=row.attempt_id,
        source=source,
        ended_at=row.ended_at,
        outcome=row.outcome,
        reason=row.reason,
        status=row.status,
        actor=row.actor,
        response=row.response,
        receipt=row.receipt,
        sealed_excerpt=row.sealed_excerpt,
    )
    return replace(row, source=source, leaf=leaf_hash(record))


def change_of(standing: Standing) -> HandoffChange:
    """What the ledger is to write of a handoff's standing; its worker keeps it only to go on at once."""
    return HandoffChange(
        state=standing.state,
        progress=standing.progress,
        uncertain_step=standing.uncertain_step,
        released=standing.released,
        tries=standing.tries,
        step_tries=standing.step_tries,
        due_at=standing.due_at,
        keep_owner=standing.goes_on,
        stage=standing.stage,
        reason=standing.reason,
        evidence=standing.evidence,
        reference=standing.reference,
        clock_from=standing.clock_from,
        restored=standing.restored,
    )
