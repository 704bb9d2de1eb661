"""The stream of attempts and results, in the order in which they were committed, for those who watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, Table, func, select, text, tuple_

from gateway.ledger.tables import attempts, handoffs, reports, results
from schemas.base import Json

_MOST = 1000


class Place(NamedTuple):
    """How far somebody has read: the last transaction and row. On SQLite `tx` is always 0."""

    tx: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One result of one attempt, beside its report and where its handoff stands now."""

    place: Place
    attempt_id: UUID
    handoff_id: UUID
    tracking_code: str
    channel: str
    destination: str
    step: str
    number: int
    started_at: datetime
    ended_at: datetime
    source: str
    outcome: str
    reason: str
    status: int | None
    receipt: Json
    state: str

    @property
    def reference(self) -> str | None:
        """The destination's own reference, if this very result brought one."""
        return self.receipt.get("reference") if isinstance(self.receipt, dict) else None

    @property
    def told(self) -> str:
        """What came of it: outcome, reason, and the HTTP status where the reason does not tell it."""
        status = f" http {self.status}" if self.status and str(self.status) not in self.reason else ""
        return f"{self.outcome} {self.reason}{status}"


def newest_delivery(conn: Connection) -> Place:
    """The place after which nothing has been committed yet."""
    row = conn.execute(
        _final(conn, select(results.c.tx, results.c.seq)).order_by(*_newest_first()).limit(1)
    ).one_or_none()
    return Place() if row is None else Place(row.tx, row.seq)


def last_deliveries(conn: Connection, count: int, destination: str | None = None) -> list[Delivery]:
    """The last so many results, oldest of them first."""
    query = _final(conn, _of(destination)).order_by(*_newest_first()).limit(count)
    return [_delivery(row) for row in reversed(conn.execute(query).all())]


def recent_deliveries(conn: Connection, count: int, destination: str | None = None) -> tuple[Place, list[Delivery]]:
    """The last so many results, and the place to go on from: seen at one moment, so that none is shown twice."""
    return newest_delivery(conn), last_deliveries(conn, count, destination) if count else []


def deliveries_after(conn: Connection, place: Place, destination: str | None = None) -> list[Delivery]:
    """The next results after a place, at most a thousand."""
    later = tuple_(results.c.tx, results.c.seq) > tuple(place)
    query = _final(conn, _of(destination).where(later)).order_by(results.c.tx, results.c.seq).limit(_MOST)
    return [_delivery(row) for row in conn.execute(query)]


def count_verdicts(conn: Connection) -> list[tuple[str, str, int]]:
    """How many reports came through each channel with each verdict."""
    query = select(reports.c.channel, reports.c.verdict, func.count()).group_by(reports.c.channel, reports.c.verdict)
    return [(row[0], row[1], row[2]) for row in conn.execute(query.order_by(reports.c.channel, reports.c.verdict))]


def _of(destination: str | None) -> Select[Any]:
    query = (
        select(results, attempts, reports.c.tracking_code, reports.c.channel, handoffs.c.state)
        .join_from(results, attempts, attempts.c.id == results.c.attempt_id)
        .join(reports, reports.c.id == attempts.c.report_id)
        .join(handoffs, handoffs.c.id == attempts.c.handoff_id)
    )
    return query if destination is None else query.where(attempts.c.destination == destination)


def _final(conn: Connection, query: Select[Any]) -> Select[Any]:
    """Only rows before which no other can still be committed: a reader who goes on from the last misses none."""
    if conn.dialect.name != "postgresql":
        return query
    return query.where(results.c.tx < text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))


def _newest_first() -> tuple[Any, Any]:
    return results.c.tx.desc(), results.c.seq.desc()


def _delivery(row: Any) -> Delivery:
    values = row._mapping
    result, attempt = _columns(values, results), _columns(values, attempts)
    return Delivery(
        place=Place(result["tx"], result["seq"]),
        attempt_id=attempt["id"],
        handoff_id=attempt["handoff_id"],
        tracking_code=values[reports.c.tracking_code],
        channel=values[reports.c.channel],
        destination=attempt["destination"],
        step=attempt["step"],
        number=attempt["number"],
        started_at=attempt["started_at"],
        ended_at=result["ended_at"],
        source=result["source"],
        outcome=result["outcome"],
        reason=result["reason"],
        status=result["status"],
        receipt=result["receipt"],
        state=values[handoffs.c.state],
    )


def _columns(values: Any, table: Table) -> dict[str, Any]:
    return {column.name: values[column] for column in table.c}
