"""Which cases are watched, which of them are to be asked about now, and what came of asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, exists, func, select, update

from gateway.ledger.case_values import DueWatch
from gateway.ledger.dialects import Both, Dialect, word
from gateway.ledger.many import Changes, Inserts
from gateway.ledger.prepared import Prepared
from gateway.ledger.shapes import KEY, WATCH
from gateway.ledger.tables import case_watch, destinations, handoffs, report_keys, reports
from gateway.ledger.types import Instant, JsonText
from gateway.ledger.values import WatchRow
from schemas.base import Json

_WATCHES = Inserts(case_watch)
_UNWATCHED = Prepared(
    lambda _: (
        select(handoffs.c.id, handoffs.c.report_id, handoffs.c.destination, handoffs.c.updated_at)
        .where(
            handoffs.c.state == word("delivered"), handoffs.c.kind == word("report"), handoffs.c.watched_at.is_(None)
        )
        .order_by(handoffs.c.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )
)
_DELIVERED = Changes(
    case_watch,
    "delivered_at",
    "next_poll_at",
    "clocks_at",
    key="handoff_id",
    where=case_watch.c.delivered_at.is_(None),
)
_TAKEN = Prepared(
    lambda dialect: update(handoffs).where(dialect.among(handoffs.c.id, "ids")).values(watched_at=bindparam("now"))
)
_PAUSED = select(destinations.c.name).where(destinations.c.paused_at.is_not(None))


def _ask_now(_: Dialect) -> Any:
    """One look into the index for each destination with cases that are asked about, however many they are."""
    watched = case_watch.c.next_poll_at.is_not(None)
    name = select(func.min(case_watch.c.destination).label("name")).where(watched).cte("asked", recursive=True)
    after = select(func.min(case_watch.c.destination)).where(watched, case_watch.c.destination > name.c.name)
    name = name.union_all(select(after.correlate(name).scalar_subquery()).where(name.c.name.is_not(None)))
    is_due = exists().where(
        watched, case_watch.c.destination == name.c.name, case_watch.c.next_poll_at <= bindparam("now", type_=Instant)
    )
    return select(name.c.name).where(is_due, name.c.name.not_in(_PAUSED))


_ASK_NOW = Prepared(_ask_now)
_DUE = (
    select(case_watch.c.handoff_id)
    .where(
        case_watch.c.next_poll_at.is_not(None),
        case_watch.c.destination == bindparam("of"),
        case_watch.c.next_poll_at <= bindparam("now"),
        case_watch.c.destination.not_in(_PAUSED),
    )
    .order_by(case_watch.c.next_poll_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(case_watch)
    .where(case_watch.c.handoff_id.in_(_DUE))
    .values(next_poll_at=bindparam("until"))
    .returning(*WATCH.columns)
)
_BESIDE = Both(
    lambda dialect: (
        select(handoffs.c.id, handoffs.c.reference, handoffs.c.progress, reports.c.tracking_code, *KEY.columns)
        .join(reports, reports.c.id == handoffs.c.report_id)
        .join(report_keys, report_keys.c.subject_id == reports.c.id)
        .where(dialect.among(handoffs.c.id, "ids"))
    )
)
_POLLED = (
    update(case_watch)
    .where(case_watch.c.handoff_id == bindparam("handoff"))
    .values(
        next_poll_at=bindparam("poll"),
        place=func.coalesce(bindparam("new_place", type_=JsonText), case_watch.c.place),
        failures=bindparam("failed"),
        polls=case_watch.c.polls + 1,
    )
)


def begin_watches(conn: Connection, now: datetime, first: Mapping[str, float], limit: int) -> int:
    """Watch the cases that were delivered since the last time. Returns how many.

    `first` gives the seconds after which a destination is first asked; one that it does not name is never asked.
    """
    fresh = [_begun(row, first, now) for row in _UNWATCHED.rows(conn, {"limit": limit})]
    if not fresh:
        return 0
    _WATCHES.run(conn, [WATCH.parameters(watch) for watch in fresh])
    _DELIVERED.run(conn, [WATCH.parameters(watch) for watch in fresh])  # those that were watched already
    _TAKEN.rows(conn, {"ids": [watch.handoff_id for watch in fresh], "now": now})
    return len(fresh)


def destinations_to_ask(conn: Connection, now: datetime) -> list[str]:
    """The destinations with cases to ask about now, without those that are paused."""
    return [name for (name,) in _ASK_NOW.rows(conn, {"now": now})]


def claim_watches(conn: Connection, destination: str, now: datetime, until: datetime, limit: int) -> list[DueWatch]:
    """The cases to ask this destination about, the longest due first; nobody else is given them before `until`.

    None while the destination is paused. Whoever dies with them leaves them to be found again then.
    """
    values = {"of": destination, "now": now, "until": until, "limit": limit}
    claimed = [WATCH.value(row) for row in conn.execute(_CLAIM, values)]
    if not claimed:
        return []
    beside = {row[0]: row for row in conn.execute(_BESIDE.on(conn), {"ids": [watch.handoff_id for watch in claimed]})}
    return [_due(watch, beside[watch.handoff_id]) for watch in claimed if watch.handoff_id in beside]


def note_poll(
    conn: Connection, handoff_id: UUID, next_poll_at: datetime | None, place: Mapping[str, Json] | None, failures: int
) -> None:
    """Record that a destination was asked about a case: when to ask again, and what to remember (None: as before)."""
    values = {"handoff": handoff_id, "poll": next_poll_at, "new_place": place, "failed": failures}
    conn.execute(_POLLED, values)


def load_watch(conn: Connection, handoff_id: UUID) -> WatchRow | None:
    """How one case is watched."""
    row = conn.execute(select(*WATCH.columns).where(case_watch.c.handoff_id == handoff_id)).first()
    return WATCH.value(row) if row else None


def _begun(row: Sequence[Any], first: Mapping[str, float], now: datetime) -> WatchRow:
    handoff_id, report_id, destination, at = row
    wait = first.get(destination)
    poll = None if wait is None else at + timedelta(seconds=wait)
    return WatchRow(handoff_id, report_id, destination, at, at, clocks_at=now, next_poll_at=poll)


def _due(watch: WatchRow, row: Any) -> DueWatch:
    return DueWatch(watch, row.reference, row.progress, row.tracking_code, KEY.value(row[4:]))
