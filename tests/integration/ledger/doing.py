"""Steps that many tests of the ledger take on their way."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, func, select

from gateway.ledger import Ledger
from gateway.ledger.attempts import begin_attempts, end_attempts
from gateway.ledger.claims import claim
from gateway.ledger.intake import keep_reports
from gateway.ledger.values import Begin, Claimed, EndedAs, HandoffFilter, HandoffRow, Kept, NewReport, WorkerRow
from gateway.ledger.views import list_handoffs, show_handoff
from schemas.handoff import HandoffState
from tests.integration.ledger.making import LATER, a_change, an_attempt, an_end


async def keep(ledger: Ledger, *reports: NewReport) -> list[Kept]:
    """Keep reports in one go."""
    return list(await asyncio.gather(*(ledger.group(keep_reports, report) for report in reports)))


async def claim_all(ledger: Ledger, worker: WorkerRow, *reports: NewReport, at: datetime = LATER) -> list[Claimed]:
    """Claim every handoff of the reports."""
    ids = [handoff.id for report in reports for handoff in report.handoffs]
    return await ledger.write(claim, ids, worker.id, at)


async def begin(ledger: Ledger, claimed: Claimed, worker: WorkerRow, **named: Any) -> Begin:
    """Record an attempt that is about to be made."""
    attempt = an_attempt(claimed, worker.id, **named)
    assert await ledger.group(begin_attempts, attempt)
    return attempt


async def end(ledger: Ledger, claimed: Claimed, attempt: Begin, state: HandoffState) -> EndedAs:
    """Record what the attempt came to."""
    return await ledger.group(end_attempts, an_end(attempt, a_change(state)))


async def brought_to(ledger: Ledger, worker: WorkerRow, state: HandoffState, report: NewReport) -> HandoffRow:
    """Keep a report of one handoff and try it once, with the outcome that brings it to the state."""
    await keep(ledger, report)
    (claimed,) = await claim_all(ledger, worker, report)
    await end(ledger, claimed, await begin(ledger, claimed, worker), state)
    return await handoff(ledger, claimed.handoff.id)


async def handoff(ledger: Ledger, handoff_id: UUID) -> HandoffRow:
    """The handoff as it stands."""
    row = await ledger.read(show_handoff, handoff_id)
    assert row is not None
    return row


async def handoffs(ledger: Ledger, **wanted: Any) -> list[HandoffRow]:
    """The handoffs that match, oldest first."""
    return (await ledger.read(list_handoffs, HandoffFilter(**wanted), None, 1000))[::-1]


async def count(ledger: Ledger, table: Table) -> int:
    """How many rows there are."""

    def counted(conn: Connection) -> int:
        return conn.execute(select(func.count()).select_from(table)).scalar_one()

    return await ledger.read(counted)


async def column(ledger: Ledger, table: Table, name: str) -> list[Any]:
    """The values of a column, in the order of the primary key."""

    def values(conn: Connection) -> list[Any]:
        return list(conn.execute(select(table.c[name]).order_by(*table.primary_key)).scalars())

    return await ledger.read(values)
