"""What the reporters of the simulated month were told, by the channel's own book: nothing lost, doubled or at night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from gateway.ledger.tables import non_deliveries, notices
from gateway.ledger.values import ReportRecord
from gateway.quiet import zone_of
from schemas.handoff import HandoffState
from schemas.status import EventKind, EventSource
from tests.integration.month import Month

MORNING, EVENING = 6, 22
"""Hours. Quiet is from 21 on, but what was due before is looked for only at the next full hour."""


def questions(conn: Connection) -> dict[UUID, UUID]:
    """The notice in which each question was passed on, by the question's event."""
    rows = conn.execute(select(notices.c.notice_key, notices.c.id).where(notices.c.purpose == "question"))
    return {UUID(key): identity for key, identity in rows}


def owed(conn: Connection, report_id: UUID) -> list[Any]:
    """Every notice of a report."""
    columns = (notices.c.id, notices.c.purpose, notices.c.notice_key, notices.c.burst_key)
    return list(conn.execute(select(*columns).where(notices.c.report_id == report_id)))


def undelivered(conn: Connection, handoff_ids: list[UUID]) -> list[str]:
    """What was recorded as not delivered or not answered in time."""
    rows = conn.execute(select(non_deliveries).where(non_deliveries.c.handoff_id.in_(handoff_ids)))
    return [f"{row.handoff_id}:{row.cause}" for row in rows]


async def notice_faults(month: Month, record: ReportRecord) -> list[str]:
    """What is wrong with the notices of a report."""
    code, rows = record.report.tracking_code, await month.ledger.read(owed, record.report.id)
    late = await month.ledger.read(undelivered, [one.id for one in record.handoffs])
    wanted = Counter([*_news(record), *late])
    found = Counter(row.notice_key for row in rows)
    faults = [] if found == wanted else [f"{code}: told of {found - wanted}, not of {wanted - found}"]
    given = Counter(identity for identity, _ in month.notices)
    states = {one.id: one.state for one in record.handoffs}
    for row in rows:
        faults += _fate(code, row, rows, states, given)
    zone = zone_of(record.report.region_code)
    at_night = [
        at for identity, at in month.notices if identity in states and not MORNING <= at.astimezone(zone).hour < EVENING
    ]
    return [*faults, *(f"{code}: told at night, {at}" for at in at_night)]


def _news(record: ReportRecord) -> Iterator[str]:
    """The events that a reporter is told."""
    for event in record.events:
        if event.source is EventSource.REPORTER:
            continue
        is_status = event.kind is EventKind.STATUS and event.status != "Belum Terverifikasi"
        if is_status or event.kind in (EventKind.ANSWER, EventKind.QUESTION):
            yield str(event.id)


def _fate(code: str, row: Any, rows: list[Any], states: dict[UUID, HandoffState], given: Counter[UUID]) -> list[str]:
    """Given once, still to come, or replaced by a newer one of its burst."""
    state, times = states[row.id], given[row.id]
    if state is HandoffState.CANCELLED:
        newer = [one for one in rows if one.burst_key == row.burst_key and one.id > row.id]
        is_well = times == 0 and row.burst_key is not None and bool(newer)
    else:
        is_well = times == (1 if state is HandoffState.DELIVERED else 0)
    return [] if is_well else [f"{code}: a notice of {row.purpose} is {state.value} and was given {times} times"]
