"""Reads the law's clocks of the cases where something happened or a time came, and says which of them strike."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from gateway.clocks import Calendar, History, Reading, facts_of, read_clocks
from gateway.ledger.case_values import ClockRow
from gateway.ledger.clocks import count_alarms, read_clocks_due, watch_waiting
from gateway.receipts.keeping import Keeping

log = structlog.get_logger("gateway.clocks")

AT_ONCE = 50
"""So few that whoever wants to record a call waits no longer than for another call."""
_LONG = timedelta(days=1)
"""After so long without a receipt a report's clocks are read although no destination has it."""


async def strike(tools: Keeping, calendar: Calendar) -> int:
    """Read every clock that is due. Returns how many cases were read. Raises LedgerUnavailable."""
    now = tools.clock.now()
    await asyncio.to_thread(calendar.learn, now.date())
    await tools.ledger.write(watch_waiting, now, now - _LONG, AT_ONCE)

    def read(history: History) -> list[Reading]:
        return read_clocks(facts_of(history), calendar, now)

    total = 0
    while True:
        count, struck = await tools.ledger.write(read_clocks_due, now, AT_ONCE, read)
        for clock in struck:
            _tell(clock)
        total += count
        if count < AT_ONCE:
            break
    tools.metrics.show_clocks(await tools.ledger.read(count_alarms))
    return total


def _tell(clock: ClockRow) -> None:
    log.warning(
        f"clock.{clock.state.value}",
        report=str(clock.report_id),
        handoff=str(clock.handoff_id),
        destination=clock.destination,
        clock=clock.kind.value,
        deadline=clock.deadline_at.isoformat(),
    )
