"""What waits for review, as commands and API show it, and the row of a report in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from gateway.ledger.not_ours import NotOurs
from gateway.ledger.review import Waiting
from gateway.ledger.values import ActionRow, ParkedRow, ReportRecord
from gateway.operations.rows import action_row
from gateway.review import releases_at
from schemas.errors import Conflict
from schemas.handoff import ParkStage


def review_row(waiting: Waiting, within: timedelta) -> dict[str, Any]:
    """A report in the queue. `released_at`: when it goes on by itself; None where it does not."""
    return {
        "tracking_code": waiting.tracking_code,
        "id": str(waiting.parked.id),
        "report_id": str(waiting.parked.report_id),
        "verdict": waiting.verdict,
        "reason": waiting.parked.reason,
        "channel": waiting.parked.channel,
        "is_priority": waiting.is_priority,
        "waiting_since": waiting.parked.parked_at,
        "released_at": releases_at(waiting, within),
    }


def refused_row(one: NotOurs) -> dict[str, Any]:
    """A report that no agency takes: it waits for whoever knows whose it is, and no clock sends it on."""
    return {
        "tracking_code": one.tracking_code,
        "id": str(one.event_id),
        "report_id": str(one.report_id),
        "verdict": "not_ours",
        "reason": f"not taken by {one.destination}, and no agency is left to ask",
        "channel": one.channel,
        "is_priority": one.is_priority,
        "waiting_since": one.at,
        "released_at": None,
    }


def review_document(
    record: ReportRecord, parked: ParkedRow | None, done: Sequence[ActionRow], within: timedelta
) -> dict[str, Any]:
    """Why a report waits, or waited, and what people did about it; without its content."""
    report = record.report
    released_at = None
    if parked is not None:
        waiting = Waiting(parked, report.tracking_code, report.verdict, report.decision, report.is_priority)
        released_at = releases_at(waiting, within)
    follows = record.ties.followed
    return {
        "tracking_code": report.tracking_code,
        "report_id": str(report.id),
        "channel": report.channel,
        "verdict": report.verdict,
        "decision": report.decision,
        "category_id": report.category_id,
        "classification": report.classification,
        "region_code": report.region_code,
        "is_priority": report.is_priority,
        "parked": str(parked.id) if parked else None,
        "waiting_since": parked.parked_at if parked else None,
        "released_at": released_at,
        "follows": follows.tracking_code if follows else None,
        "supporters": [one.tracking_code for one in record.ties.supporters],
        "actions": [action_row(row) for row in done],
    }


def waits_in(record: ReportRecord) -> ParkedRow | None:
    """The report's open row in the queue."""
    found = (row for row in record.parked if row.state == "parked" and row.stage is ParkStage.SCREEN)
    return next(found, None)


def waiting_row(record: ReportRecord) -> ParkedRow:
    """The same. Raises Conflict for a report that does not wait."""
    parked = waits_in(record)
    if parked is None:
        raise Conflict(f"{record.report.tracking_code} does not wait for review")
    return parked
