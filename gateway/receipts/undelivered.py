"""Tells the channel and operations, once, of a report that a destination did not take in time."""

from __future__ import annotations

from datetime import timedelta

import structlog

from gateway.ledger.non_deliveries import CLOCK, Undelivered, report_non_delivery, untold_non_deliveries
from gateway.ledger.notice_values import NewNotice
from gateway.notices import notice_of_lateness, notice_of_non_delivery
from gateway.owing import owed_notice
from gateway.receipts.keeping import Keeping
from gateway.receipts.telling import about_report
from gateway.storyline import kept_key

log = structlog.get_logger("gateway.receipts")

AT_ONCE = 200
PATIENCE = timedelta(days=1)
"""So long people have to mend what was refused or is in doubt before the channel is told."""


async def report_undelivered(tools: Keeping) -> int:
    """Report everything that was not reported yet. Returns how much it was. Raises LedgerUnavailable."""
    now, total = tools.clock.now(), 0
    for one in await tools.ledger.read(untold_non_deliveries, now, PATIENCE, AT_ONCE):
        if await tools.ledger.write(report_non_delivery, one, _notice(tools, one), now):
            total += 1
            tools.metrics.non_deliveries(one.destination, one.cause).inc()
            log.warning(
                "handoff.non_delivery",
                report=str(one.report.id),
                handoff=str(one.handoff_id),
                destination=one.destination,
                cause=one.cause,
            )
    return total


def _notice(tools: Keeping, one: Undelivered) -> NewNotice | None:
    """What the channel is told; nothing of a report that is erased."""
    key = kept_key(tools.vault, one.key)
    if key is None:
        return None
    agency = tools.telling.agencies.get(one.destination)
    about, now = about_report(one.report, key, tools.telling.page), tools.clock.now()
    late = one.cause.startswith(CLOCK)
    notice = notice_of_lateness(about, now, agency) if late else notice_of_non_delivery(about, now, agency)
    key_of_notice = f"{one.handoff_id}:{one.cause}"
    return owed_notice(notice, one.report, key, about=key_of_notice, manner=tools.telling.manner)
