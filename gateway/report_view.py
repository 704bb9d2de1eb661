"""A report as the channel that posted it is shown it: where each handoff stands, and no word of the report itself."""

from __future__ import annotations

from dataclasses import replace

from gateway.ledger.values import HandoffRow, ReportRecord
from schemas.handoff import HandoffKind, HandoffView, LinkView, ReportView


def view_of(record: ReportRecord) -> ReportView:
    """The view of a report."""
    report = record.report
    return ReportView(
        id=str(report.id),
        tracking_code=report.tracking_code,
        received_at=report.received_at,
        verdict=report.verdict,
        handoffs=tuple(_handoff(row) for row in record.handoffs if row.kind is not HandoffKind.NOTICE),
        notices=tuple(_handoff(row) for row in record.handoffs if row.kind is HandoffKind.NOTICE),
        linked=_linked(record),
    )


def _linked(record: ReportRecord) -> LinkView | None:
    """The link to the report that this one follows, with where that one stands: not its numbers, not its notices."""
    followed = record.ties.followed
    if followed is None or record.lead is None:
        return None
    rows = [replace(row, reference=None) for row in record.lead.handoffs if row.kind is HandoffKind.REPORT]
    link = followed.link
    return LinkView(kind=link.kind, linked_at=link.linked_at, handoffs=tuple(map(_handoff, rows)))


def _handoff(row: HandoffRow) -> HandoffView:
    return HandoffView(
        destination=row.destination,
        kind=row.kind,
        state=row.state,
        evidence=row.evidence,
        reference=row.reference,
        updated_at=row.updated_at,
    )
