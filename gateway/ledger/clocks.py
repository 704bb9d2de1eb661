"""The law's clocks in the ledger: which cases are to be read again, and how their clocks stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, or_, select

from gateway.clocks import ClockState, History, Reading
from gateway.ledger.case_values import ClockRow
from gateway.ledger.dialects import word
from gateway.ledger.histories import histories
from gateway.ledger.many import Changes, Inserts
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import CLOCK, WATCH
from gateway.ledger.tables import case_clocks, case_watch, handoffs
from gateway.ledger.turns import is_free
from gateway.ledger.values import WatchRow

Read = Callable[[History], Sequence[Reading]]
"""Reads the clocks of a case at the time of the call."""

ALARMING = (ClockState.APPROACHING, ClockState.BROKEN)

_MICROSECOND = timedelta(microseconds=1)

_WATCHES = Inserts(case_watch)
_CLOCKS = Inserts(case_clocks)
_DUE = Prepared(
    lambda _: (
        select(*WATCH.columns)
        .where(case_watch.c.clocks_at.is_not(None), case_watch.c.clocks_at <= bindparam("now"))
        .order_by(case_watch.c.clocks_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
)
_BEFORE = Prepared(lambda dialect: select(*CLOCK.columns).where(dialect.among(case_clocks.c.handoff_id, "ids")))
_FORGET = Prepared(lambda dialect: delete(case_clocks).where(dialect.among(case_clocks.c.handoff_id, "ids")))
_LOOK_AGAIN = Changes(case_watch, "clocks_at", key="handoff_id")
_WATCHED = exists().where(case_watch.c.handoff_id == handoffs.c.id)
_SET_ASIDE = or_(handoffs.c.state == word("parked"), handoffs.c.state == word("uncertain"))


def read_clocks_due(conn: Connection, now: datetime, limit: int, read: Read) -> tuple[int, list[ClockRow]]:
    """Read the clocks of cases where something happened or a time came. Returns how many cases, and what struck.

    `read` is pure and is called with the history of each.
    """
    watches = [WATCH.value(row) for row in _DUE.rows(conn, {"now": now, "limit": limit})]
    if not watches:
        return 0, []
    ids = {"ids": [watch.handoff_id for watch in watches]}
    before = {(row.handoff_id, row.kind): row for row in map(CLOCK.value, _BEFORE.rows(conn, ids))}
    found = histories(conn, watches)
    rows: list[ClockRow] = []
    looks: list[dict[str, Any]] = []
    for watch in watches:
        readings = read(found[watch.handoff_id]) if watch.handoff_id in found else ()
        rows += [_row(watch, reading, now) for reading in readings]
        looks.append({"handoff_id": watch.handoff_id, "clocks_at": _next_look(readings)})
    _FORGET.rows(conn, ids)
    _CLOCKS.run(conn, [CLOCK.parameters(row) for row in rows])
    _LOOK_AGAIN.run(conn, looks)
    return len(watches), [row for row in rows if _strikes(row, before.get((row.handoff_id, row.kind)))]


def watch_waiting(conn: Connection, now: datetime, before: datetime, limit: int) -> int:
    """Let the clocks run for reports that were accepted before a time and that no destination has yet."""
    count = 0
    for condition in (is_free(handoffs), _SET_ASIDE):
        query = select(handoffs.c.id, handoffs.c.report_id, handoffs.c.destination).where(
            condition, handoffs.c.kind == word("report"), handoffs.c.created_at < before, ~_WATCHED
        )
        rows = conn.execute(query.order_by(handoffs.c.created_at, handoffs.c.id).limit(limit)).all()
        fresh = [WatchRow(row.id, row.report_id, row.destination, now, clocks_at=now) for row in rows]
        _WATCHES.run(conn, [WATCH.parameters(watch) for watch in fresh])
        count += len(rows)
    return count


def list_clocks(
    conn: Connection,
    states: Sequence[ClockState] = ALARMING,
    destination: str | None = None,
    kind: str | None = None,
    limit: int = 50,
) -> list[ClockRow]:
    """Clocks in these states, the nearest or longest broken deadline first."""
    query: Select[Any] = select(*CLOCK.columns).where(or_(*(case_clocks.c.state == word(state) for state in states)))
    for column, value in ((case_clocks.c.destination, destination), (case_clocks.c.kind, kind)):
        if value is not None:
            query = query.where(column == value)
    ordered = query.order_by(case_clocks.c.deadline_at, case_clocks.c.handoff_id).limit(limit)
    return [CLOCK.value(row) for row in conn.execute(ordered)]


def alarms_of(conn: Connection, handoff_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The worst state of the clocks of each handoff that has one that is approaching or broken."""
    if not handoff_ids:
        return {}
    rows = map(CLOCK.value, _BEFORE.rows(conn, {"ids": list(handoff_ids)}))
    alarms: dict[UUID, str] = {}
    for row in sorted(rows, key=lambda row: row.state is ClockState.BROKEN):
        if row.state in ALARMING:
            alarms[row.handoff_id] = f"{row.state.value}: {row.kind.value}"
    return alarms


def count_alarms(conn: Connection) -> list[tuple[str, str, str, int]]:
    """How many clocks of each destination and kind are approaching or broken, for the metrics."""
    alarming = or_(*(case_clocks.c.state == word(state) for state in ALARMING))
    columns = (case_clocks.c.destination, case_clocks.c.kind, case_clocks.c.state)
    query = select(*columns, func.count()).where(alarming).group_by(*columns)
    return [(row[0], row[1], row[2], row[3]) for row in conn.execute(query)]


def _row(watch: WatchRow, reading: Reading, now: datetime) -> ClockRow:
    return ClockRow(
        handoff_id=watch.handoff_id,
        kind=reading.kind,
        report_id=watch.report_id,
        destination=watch.destination,
        days=reading.days,
        started_at=reading.started_at,
        deadline_at=reading.deadline,
        met_at=reading.met_at,
        state=reading.state,
        paused=reading.paused,
        shares={party.value: length // _MICROSECOND for party, length in reading.shares.items()},
        read_at=now,
    )


def _next_look(readings: Sequence[Reading]) -> datetime | None:
    return min((reading.next_look for reading in readings if reading.next_look is not None), default=None)


def _strikes(row: ClockRow, before: ClockRow | None) -> bool:
    """Whether this is news to operations."""
    return row.state in ALARMING and (before is None or before.state is not row.state)
