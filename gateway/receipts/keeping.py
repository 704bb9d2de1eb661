"""Keeps what was said about a case: cleaned, sealed under the report's key, and told to the log without its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import structlog

from gateway.clock import Clock
from gateway.ledger import Ledger
from gateway.ledger.case_values import NewEvent
from gateway.ledger.cases import keep_events, load_report
from gateway.ledger.values import EventRow, KeyRow, ReportRow
from gateway.metrics import Metrics
from gateway.plain_text import plain_line, plain_text
from gateway.receipts.telling import Telling, notice_for
from gateway.storyline import event_part, kept_key
from gateway.vault import SubjectKey, Vault
from schemas.ids import new_id
from schemas.status import EVENT_TEXT_LIMIT, STATUS_NAME_LIMIT, CaseEvent, EventKind, EventSource

_TOLD = frozenset({EventKind.STATUS, EventKind.ANSWER, EventKind.QUESTION})

log = structlog.get_logger("gateway.receipts")


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeping needs."""

    ledger: Ledger
    vault: Vault
    clock: Clock
    metrics: Metrics
    telling: Telling = field(default_factory=Telling)


@dataclass(frozen=True, slots=True)
class About:
    """The case that something is said about: the report's own handoff at one destination.

    `reference` is the destination's own number of it, if it tells one.
    """

    report_id: UUID
    handoff_id: UUID
    destination: str
    key: KeyRow
    reference: str | None = None


async def keep(tools: Keeping, about: About, source: EventSource, events: Sequence[CaseEvent]) -> int:
    """Keep events of one case, in one transaction. Returns how many were new. Raises LedgerUnavailable."""
    if not events:
        return 0
    now = tools.clock.now()
    key = kept_key(tools.vault, about.key)
    report = await tools.ledger.read(load_report, about.report_id) if key else None
    items = [_item(tools, about, event_row(about, source, event, key, now), event, report, key) for event in events]
    kept = await tools.ledger.write(keep_events, items)
    new = [item.row for item, one in zip(items, kept, strict=True) if one.new]
    for row in new:
        _tell(tools, row)
    return len(new)


def _item(
    tools: Keeping, about: About, row: EventRow, event: CaseEvent, report: ReportRow | None, key: SubjectKey | None
) -> NewEvent:
    notice = None
    if report is not None and key is not None and row.kind in _TOLD:
        notice = notice_for(row, plain_text(event.text, EVENT_TEXT_LIMIT), report, key, tools.telling)
    return NewEvent(row, notice, about.reference)


def event_row(about: About, source: EventSource, event: CaseEvent, key: SubjectKey | None, now: datetime) -> EventRow:
    """The row of an event. Without a key, of a report that is erased, it has no text."""
    identity = new_id(now)
    text = plain_text(event.text, EVENT_TEXT_LIMIT)
    name = plain_line(event.status_name, STATUS_NAME_LIMIT) if event.status_name else None
    row = EventRow(
        id=identity,
        report_id=about.report_id,
        handoff_id=about.handoff_id,
        destination=about.destination,
        source=source,
        event_key=event.key,
        kind=event.kind,
        received_at=now,
        sequence=event.sequence,
        status_name=name or None,
        status=event.status if name else None,
        happened_at=event.happened_at,
    )
    return replace(row, sealed_text=key.seal(event_part(row), text.encode())) if text and key else row


def _tell(tools: Keeping, row: EventRow) -> None:
    tools.metrics.case_events(row.destination, row.source.value, row.kind.value).inc()
    log.info(
        "case.event",
        report=str(row.report_id),
        handoff=str(row.handoff_id),
        destination=row.destination,
        source=row.source.value,
        kind=row.kind.value,
        status=row.status,
    )
