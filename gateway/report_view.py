"""A report as the channel that posted it is shown it: where each handoff stands, and no word of the report itself."""

from __future__ import annotations

from gateway.ledger.values import ReportRecord
from schemas.handoff import HandoffView, ReportView


def view_of(record: ReportRecord) -> ReportView:
    """The view of a report."""
    report = record.report
    return ReportView(
        id=str(report.id),
        tracking_code=report.tracking_code,
        received_at=report.received_at,
        verdict=report.verdict,
        handoffs=tuple(
            HandoffView(
                destination=row.destination,
                kind=row.kind,
                state=row.state,
                evidence=row.evidence,
                reference=row.reference,
                updated_at=row.updated_at,
            )
            for row in record.handoffs
        ),
    )
