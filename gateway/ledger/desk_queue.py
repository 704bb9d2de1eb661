"""Queue numbers of walk-in desks: gapless and unique for each desk and day, whoever asks at the same time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.ledger.desk_tables import desk_days, desk_entries
from gateway.ledger.dialects import Both, word
from gateway.ledger.shapes import HANDOFF
from gateway.ledger.tables import handoffs, parked, reports
from gateway.ledger.values import HandoffRow

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_HANDOFFS = Both(
    lambda dialect: (
        select(*HANDOFF.columns)
        .where(dialect.among(handoffs.c.report_id, "ids"), handoffs.c.kind == word("report"))
        .order_by(handoffs.c.id)
    )
)
_PARKED = Both(
    lambda dialect: select(parked.c.report_id).where(
        dialect.among(parked.c.report_id, "ids"), parked.c.state == word("parked")
    )
)


@dataclass(frozen=True, slots=True)
class QueueNumber:
    """A report's place in the queue of its desk."""

    day: date
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """A line of the desk's list. `held`: it waits for a person to decide about it."""

    number: int
    at: datetime
    report_id: UUID
    tracking_code: str
    held: bool
    handoffs: tuple[HandoffRow, ...]


def take_number(conn: Connection, channel: str, day: date, report_id: UUID, now: datetime) -> QueueNumber:
    """The report's number: the one that it has, or the next of the desk's day. One at a time, under the day's lock."""
    counted = _INSERT[conn.dialect.name](desk_days).values(channel=channel, day=day, last_number=0)
    lock = {"last_number": desk_days.c.last_number}
    conn.execute(counted.on_conflict_do_update(index_elements=[desk_days.c.channel, desk_days.c.day], set_=lock))
    had = find_number(conn, report_id)
    if had is not None:
        return had
    this_day = (desk_days.c.channel == channel, desk_days.c.day == day)
    moved = update(desk_days).where(*this_day).values(last_number=desk_days.c.last_number + 1)
    number: int = conn.execute(moved.returning(desk_days.c.last_number)).scalar_one()
    entry = {"channel": channel, "day": day, "number": number, "report_id": report_id, "at": now}
    conn.execute(insert(desk_entries), entry)
    return QueueNumber(day, number, now)


def find_number(conn: Connection, report_id: UUID) -> QueueNumber | None:
    """The number of a report, if it has one."""
    query = select(desk_entries.c.day, desk_entries.c.number, desk_entries.c.at)
    row = conn.execute(query.where(desk_entries.c.report_id == report_id)).first()
    return QueueNumber(*row) if row is not None else None


def list_desk(conn: Connection, channel: str, day: date) -> list[DeskEntry]:
    """The desk's reports of a day, newest first."""
    query = (
        select(desk_entries.c.number, desk_entries.c.at, reports.c.id, reports.c.tracking_code)
        .join(reports, reports.c.id == desk_entries.c.report_id)
        .where(desk_entries.c.channel == channel, desk_entries.c.day == day)
        .order_by(desk_entries.c.number.desc())
    )
    rows = conn.execute(query).all()
    ids = {"ids": [row[2] for row in rows]}
    its: dict[UUID, list[HandoffRow]] = defaultdict(list)
    held: set[UUID] = set()
    if rows:
        for found in conn.execute(_HANDOFFS.on(conn), ids):
            handoff = HANDOFF.value(found)
            its[handoff.report_id].append(handoff)
        held = {each for each in conn.execute(_PARKED.on(conn), ids).scalars() if each is not None}
    return [
        DeskEntry(number, at, identity, code, identity in held, tuple(its[identity]))
        for number, at, identity, code in rows
    ]
