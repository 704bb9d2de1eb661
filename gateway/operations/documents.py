"""Reports, handoffs and attempts as operations sees them, as JSON: named fields, nothing sealed, no identity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.ledger.case_values import ClockRow
from gateway.ledger.delivery_log import LogLine
from gateway.ledger.file_values import UndecidedFile
from gateway.ledger.link_values import Tied
from gateway.ledger.notice_values import ToldNotice
from gateway.ledger.queues import Cause
from gateway.ledger.values import AttemptRow, FileRow, HandoffRow, ParkedRow, ReportRecord, ResultRow
from gateway.operations.rows import action_row
from gateway.storyline import timeline_of


def report_document(record: ReportRecord) -> dict[str, Any]:
    """Everything about a report but its content, for JSON."""
    report = record.report
    return {
        "id": str(report.id),
        "tracking_code": report.tracking_code,
        "channel": report.channel,
        "received_at": report.received_at,
        "classification": report.classification,
        "category_id": report.category_id,
        "region_code": report.region_code,
        "is_anonymous": report.is_anonymous,
        "is_secret": report.is_secret,
        "is_priority": report.is_priority,
        "verdict": report.verdict,
        "decision": report.decision,
        "erased_at": report.erased_at,
        "archive": record.archive and record.archive.name,
        "trace": report.trace,
        "messages": [{"sequence": one.sequence, "received_at": one.received_at} for one in record.messages],
        "files": [file_document(one) for one in record.files],
        "parked": [{**parked_row(one), "state": one.state} for one in record.parked],
        "timeline": timeline_of(record, None).model_dump(mode="json")["entries"],
        "clocks": [clock_row(one) for one in record.clocks],
        "handoffs": [handoff_document(one, record) for one in record.handoffs],
        "linked_to": _tie(record.ties.lead) if record.ties.lead else None,
        "supporters": [_tie(one) for one in record.ties.supporters],
        "actions": [action_row(one) for one in record.actions],
    }


def _tie(tied: Tied) -> dict[str, Any]:
    link = tied.link
    times = {"linked_at": link.linked_at, "unlinked_at": link.unlinked_at}
    return {"tracking_code": tied.tracking_code, "kind": link.kind.value, "linked_by": link.linked_by, **times}


def handoff_document(handoff: HandoffRow, record: ReportRecord) -> dict[str, Any]:
    """A handoff with each of its attempts, for JSON."""
    made = {**handoff_row(handoff), "attempts": [_attempt(*one) for one in tries_of(handoff, record)]}
    return {**made, "vendor": _vendor(notice)} if (notice := notice_told(handoff, record)) else made


def notice_told(handoff: HandoffRow, record: ReportRecord) -> ToldNotice | None:
    """The notice of a handoff, with what the channel's vendor told of it; None for a handoff that is no notice."""
    return next((one for one in record.notices if one.id == handoff.id), None)


def _vendor(notice: ToldNotice) -> dict[str, Any]:
    told = {"status": notice.status, "at": notice.status_at, "error": notice.error}
    return {"purpose": notice.purpose.value, **told}


def tries_of(handoff: HandoffRow, record: ReportRecord) -> Iterator[tuple[AttemptRow, list[ResultRow]]]:
    """The attempts of a handoff with their results."""
    for attempt in record.attempts:
        if attempt.handoff_id == handoff.id:
            yield attempt, [result for result in record.results if result.attempt_id == attempt.id]


def _attempt(attempt: AttemptRow, results: list[ResultRow]) -> dict[str, Any]:
    return {
        "id": str(attempt.id),
        "number": attempt.number,
        "step": attempt.step,
        "started_at": attempt.started_at,
        "results": [
            {
                "source": result.source.value,
                "ended_at": result.ended_at,
                "outcome": result.outcome.value,
                "reason": result.reason,
                "status": result.status,
                "actor": result.actor,
                "receipt": result.receipt,
            }
            for result in results
        ],
    }


def handoff_row(row: HandoffRow) -> dict[str, Any]:
    """A handoff as it stands."""
    return {
        "id": str(row.id),
        "report_id": str(row.report_id),
        "channel": row.channel,
        "destination": row.destination,
        "kind": row.kind.value,
        "state": row.state.value,
        "tries": row.tries,
        "stage": row.stage.value if row.stage else None,
        "reason": row.reason,
        "evidence": row.evidence.value if row.evidence else None,
        "reference": row.reference,
        "uncertain_step": row.uncertain_step,
        "due_at": row.due_at,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def parked_handoff_row(row: HandoffRow) -> dict[str, Any]:
    """A parked handoff in the list of everything that was set aside."""
    return {
        "id": str(row.id),
        "what": "handoff",
        "stage": row.stage.value if row.stage else None,
        "reason": row.reason,
        "channel": row.channel,
        "destination": row.destination,
        "parked_at": row.updated_at,
        "report_id": str(row.report_id),
    }


def parked_row(row: ParkedRow) -> dict[str, Any]:
    """A message or report that was set aside before there was a handoff of it."""
    return {
        "id": str(row.id),
        "what": "message" if row.report_id is None else "report",
        "stage": row.stage.value,
        "reason": row.reason,
        "channel": row.channel,
        "destination": None,
        "parked_at": row.parked_at,
        "report_id": str(row.report_id) if row.report_id else None,
    }


def clock_row(row: ClockRow) -> dict[str, Any]:
    """A clock as operations sees it. `whose`: each party's share of the working time so far, in days."""
    shares = {party: seconds / 86_400_000_000 for party, seconds in row.shares.items() if seconds}
    return {
        "report_id": str(row.report_id),
        "handoff_id": str(row.handoff_id),
        "destination": row.destination,
        "clock": row.kind.value,
        "state": row.state.value,
        "days": row.days,
        "started_at": row.started_at,
        "deadline_at": row.deadline_at,
        "met_at": row.met_at,
        "paused": row.paused,
        "shares": dict(row.shares),
        "whose": ", ".join(f"{party} {days:.1f}" for party, days in shares.items()),
    }


def file_document(file: FileRow) -> dict[str, Any]:
    """How a file stands, without its name: that is content."""
    return {
        "id": str(file.id),
        "sequence": file.sequence,
        "state": file.state,
        "size": file.size,
        "reason": file.reason,
        "media_type": file.media_type,
        "sha256": file.sha256,
        "scan": file.scan,
        "found": file.found,
        "cleaned": file.travels is not None,
        "notes": (file.notes or "").split(),
    }


def undecided_row(one: UndecidedFile) -> dict[str, Any]:
    """A file that waits for a person's decision."""
    return {"tracking_code": one.tracking_code, "channel": one.channel, **file_document(one.file)}


def cause_row(row: Cause) -> dict[str, Any]:
    """Handoffs that wait for the same reason."""
    return {
        "destination": row.destination,
        "reason": row.reason,
        "error": row.error,
        "count": row.count,
        "oldest": row.oldest,
        "newest": row.newest,
    }


def log_row(line: LogLine) -> dict[str, Any]:
    """A line of the delivery log: an attempt, what came of it, and where its handoff stands now."""
    return {
        **_attempt(line.attempt, list(line.results)),
        "handoff_id": str(line.attempt.handoff_id),
        "report_id": str(line.attempt.report_id),
        "tracking_code": line.tracking_code,
        "channel": line.channel,
        "destination": line.attempt.destination,
        "state": line.state.value,
        "reference": line.reference,
    }
