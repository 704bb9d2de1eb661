"""Alerts in the ledger: what is known of them, what becomes of them, and what they are made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from gateway.alerts.conditions import Kind, Sight
from gateway.alerts.lasting import Alert, State, Step
from gateway.ledger.alert_tables import alert_notices, alerts
from gateway.ledger.dialects import word
from gateway.ledger.gates import list_gates
from gateway.ledger.health import overdue, unsigned_since
from gateway.ledger.measures import last_verification
from gateway.ledger.non_delivery_tables import non_deliveries
from gateway.ledger.registers import workers
from gateway.ledger.tables import case_clocks, handoffs
from gateway.ledger.tides import held_since

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_COLUMNS = (
    alerts.c.id,
    alerts.c.kind,
    alerts.c.subject,
    alerts.c.state,
    alerts.c.since,
    alerts.c.last_at,
    alerts.c.detail,
    alerts.c.raised_at,
    alerts.c.cleared_at,
)
_OPEN = or_(alerts.c.state == State.SEEN, alerts.c.state == State.RAISED)


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What a hook is to be told. `id` is the webhook-id, the same at every try."""

    id: UUID
    hook: str
    body: str


def is_eldest(conn: Connection, worker: UUID) -> bool:
    """Whether this is the worker that has lived longest: what one of them does for all is done by it."""
    query = select(workers.c.id).where(workers.c.reaped_at.is_(None)).order_by(workers.c.id).limit(1)
    return conn.execute(query).scalar_one_or_none() == worker


def alert_sight(conn: Connection, now: datetime, origin: str) -> Sight:
    """What alerts are made from, as far as the ledger knows it. Raises Tampered when the journal's head is damaged."""
    gates: dict[str, str] = {}
    for row in list_gates(conn):
        gates[row.destination] = max(gates.get(row.destination, ""), row.state, key=_worse)
    verified = last_verification(conn, origin)
    return Sight(
        at=now,
        gates=gates,
        late={one.destination: (one.handoffs, one.oldest) for one in overdue(conn, now)},
        parked=_parked_since(conn, now - _HOUR),
        not_delivered=_not_delivered_since(conn, now - _HOUR),
        clocks=_clocks(conn, now - _DAY),
        verified=(verified.at, verified.whole) if verified else None,
        unsigned_since=unsigned_since(conn),
        held_since=held_since(conn),
    )


def open_alerts(conn: Connection) -> list[Alert]:
    """The alerts that are seen or raised, oldest first."""
    return [_alert(row) for row in conn.execute(select(*_COLUMNS).where(_OPEN).order_by(alerts.c.id))]


def list_alerts(conn: Connection, *, raised: bool, limit: int) -> list[Alert]:
    """The alerts that are raised, or also those that were, newest first."""
    states = (State.RAISED,) if raised else (State.RAISED, State.CLEARED)
    query = select(*_COLUMNS).where(alerts.c.state.in_(states)).order_by(alerts.c.id.desc()).limit(limit)
    return [_alert(row) for row in conn.execute(query)]


def take_steps(conn: Connection, steps: Sequence[Step], notices: Callable[[Alert], Sequence[NewNotice]]) -> list[Alert]:
    """Keep what becomes of alerts, and what hooks are owed for it, in one transaction. Returns those to tell of.

    An alert that somebody else took a step with meanwhile is left as it is.
    """
    told = [step.after for step in steps if _kept(conn, step) and step.tell and step.after is not None]
    owed = [one for alert in told for one in notices(alert)]
    if owed:
        at = max(_moment(alert) for alert in told)
        rows = [
            {"id": one.id, "hook": one.hook, "body": one.body, "made_at": at, "tries": 0, "due_at": at} for one in owed
        ]
        conn.execute(insert(alert_notices), rows)
    return told


def _kept(conn: Connection, step: Step) -> bool:
    before, after = step.before, step.after
    if before is None:
        return after is not None and _begun(conn, after)
    same = (alerts.c.id == before.id, alerts.c.state == before.state, alerts.c.last_at == before.last_at)
    if after is None:
        return conn.execute(delete(alerts).where(*same)).rowcount == 1
    return conn.execute(update(alerts).where(*same).values(**_values(after))).rowcount == 1


def _begun(conn: Connection, alert: Alert) -> bool:
    """A new alert, unless there is one of its kind and subject that is not over."""
    known = select(alerts.c.id).where(_OPEN, alerts.c.kind == alert.kind, alerts.c.subject == alert.subject)
    if conn.execute(known).first() is not None:
        return False
    conn.execute(insert(alerts).values(id=alert.id, **_values(alert)))
    return True


def _values(alert: Alert) -> dict[str, Any]:
    return {
        "kind": alert.kind,
        "subject": alert.subject,
        "state": alert.state,
        "since": alert.since,
        "last_at": alert.last_at,
        "detail": dict(alert.detail),
        "raised_at": alert.raised_at,
        "cleared_at": alert.cleared_at,
    }


def _alert(row: Any) -> Alert:
    identity, kind, subject, state, *rest = row
    return Alert(identity, Kind(kind), subject, State(state), *rest)


def _moment(alert: Alert) -> datetime:
    return alert.cleared_at or alert.raised_at or alert.last_at


def _worse(state: str) -> tuple[bool, str]:
    return state.startswith("breaker"), state


def _parked_since(conn: Connection, since: datetime) -> dict[str, int]:
    query = (
        select(handoffs.c.destination, func.count())
        .where(handoffs.c.state == word("parked"), handoffs.c.updated_at >= since)
        .group_by(handoffs.c.destination)
    )
    return {name: count for name, count in conn.execute(query)}  # noqa: C416 - a row is no pair


def _not_delivered_since(conn: Connection, since: datetime) -> dict[str, int]:
    query = (
        select(handoffs.c.destination, func.count())
        .join(non_deliveries, non_deliveries.c.handoff_id == handoffs.c.id)
        .where(non_deliveries.c.reported_at >= since)
        .group_by(handoffs.c.destination)
    )
    return {name: count for name, count in conn.execute(query)}  # noqa: C416 - a row is no pair


def _clocks(conn: Connection, since: datetime) -> dict[tuple[str, str], int]:
    """Clocks that approach their end, and those that ran out since then; what is long broken is no news."""
    state, fresh = case_clocks.c.state, case_clocks.c.deadline_at >= since
    query = (
        select(case_clocks.c.destination, state, func.count())
        .where(or_(state == word("approaching"), state == word("broken")), fresh)
        .group_by(case_clocks.c.destination, state)
    )
    return {(name, found): count for name, found, count in conn.execute(query)}
