"""How much goes through and how fast: attempts and reports of late, by destination and channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from gateway.ledger.dialects import word
from gateway.ledger.tables import attempts, case_clocks, parked, reports, results
from schemas.handoff import ParkStage, ResultSource
from schemas.ids import uuid7

_NOTHING = bytes(10)


def attempts_since(conn: Connection, since: datetime) -> dict[tuple[str, str], int]:
    """How many attempts that began since then ended with which outcome, by destination and outcome."""
    query = (
        select(attempts.c.destination, results.c.outcome, func.count())
        .join(results, results.c.attempt_id == attempts.c.id)
        .where(attempts.c.id >= uuid7(since, _NOTHING))
        .group_by(attempts.c.destination, results.c.outcome)
    )
    return {(destination, outcome): count for destination, outcome, count in conn.execute(query)}


def reports_since(conn: Connection, since: datetime) -> dict[tuple[str, str], int]:
    """How many reports came since then, by channel and verdict."""
    query = (
        select(reports.c.channel, reports.c.verdict, func.count())
        .where(reports.c.received_at >= since)
        .group_by(reports.c.channel, reports.c.verdict)
    )
    return {(channel, verdict): count for channel, verdict, count in conn.execute(query)}


def not_understood_since(conn: Connection, since: datetime) -> dict[str, int]:
    """How many messages nobody understood were set aside since then, by channel."""
    query = (
        select(parked.c.channel, func.count())
        .where(parked.c.stage == word(ParkStage.PARSE.value), parked.c.id >= uuid7(since, _NOTHING))
        .group_by(parked.c.channel)
    )
    return {channel: count for channel, count in conn.execute(query)}  # noqa: C416 - a row is no pair


def latencies(conn: Connection, destination: str, count: int) -> list[float]:
    """How long the last so many answered attempts to a destination took, in seconds, newest first."""
    query = (
        select(attempts.c.started_at, results.c.ended_at)
        .join(results, results.c.attempt_id == attempts.c.id)
        .where(attempts.c.destination == destination, results.c.source == ResultSource.REPLY)
        .order_by(attempts.c.id.desc())
        .limit(count)
    )
    return [(ended - started).total_seconds() for started, ended in conn.execute(query)]


def last_success(conn: Connection, destination: str) -> datetime | None:
    """When a destination last took something, among its last thousand attempts."""
    newest = select(attempts.c.id).where(attempts.c.destination == destination)
    newest = newest.order_by(attempts.c.id.desc()).limit(1000)
    query = select(func.max(results.c.ended_at)).where(
        results.c.attempt_id.in_(newest), results.c.outcome == "delivered"
    )
    return conn.execute(query).scalar()


def clocks_alarming(conn: Connection) -> dict[str, int]:
    """How many of the law's clocks of cases are `approaching` their end, and how many are `broken`."""
    state = case_clocks.c.state
    alarming = or_(state == word("approaching"), state == word("broken"))
    query = select(state, func.count()).where(alarming).group_by(state)
    return {name: count for name, count in conn.execute(query)}  # noqa: C416 - a row is no pair
