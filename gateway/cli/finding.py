"""A report by whatever names it: its tracking code in any spelling, its id, or a destination's reference."""

from __future__ import annotations

from gateway.cli.desk import Desk
from gateway.ledger.values import ReportRecord
from gateway.ledger.views import show_report
from schemas.errors import NotFound


async def found_report(desk: Desk, text: str) -> ReportRecord:
    """The report that the text names. Raises NotFound."""
    record = await desk.ledger.read(show_report, text)
    if record is None:
        raise NotFound(f"no report has the tracking code, id or reference {text!r}")
    return record
