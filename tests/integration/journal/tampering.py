"""Ways to tamper with a recorded journal, and to see what a verification says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, select, update

from gateway.evidence import Verification
from gateway.findings import Problem, Subject
from gateway.ledger.tables import attempts, checkpoints, handoffs, log_batches, log_head
from tests.integration.journal.databases import Database
from tests.integration.journal.world import World, verified

Filled = tuple[Database, World]
HIGH = 1 << 8


def after(base: Database, tamper: Callable[[Connection], object], against: tuple[str, ...] = ()) -> Verification:
    """What a verification says after tampering, which is then taken back."""

    def spoil(conn: Connection) -> Verification:
        tamper(conn)
        return verified(conn, against)

    return base.run(spoil, keep=False)


def found(report: Verification) -> set[tuple[Problem, Subject, UUID | None]]:
    return {(finding.problem, finding.subject, finding.attempt_id) for finding in report.findings}


def changed(value: Any) -> Any:
    """The value with one byte of it changed."""
    match value:
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case UUID():
            return UUID(int=value.int ^ (1 << 64))
        case datetime():
            return value + timedelta(microseconds=1)
        case int():
            return value ^ HIGH
        case str():
            return value[:-1] + chr(ord(value[-1]) ^ 1)
        case dict():
            return value | {"reference": changed(str(value["reference"]))}
    raise TypeError(value)


def swap(conn: Connection, table: Table, key: str, one: Any, other: Any) -> None:
    """Exchange the places of two rows."""
    places = {
        value: conn.execute(select(table.c.seq).where(table.c[key] == value)).scalar_one() for value in (one, other)
    }
    conn.execute(update(table).where(table.c[key] == one).values(seq=HIGH))
    conn.execute(update(table).where(table.c[key] == other).values(seq=places[one]))
    conn.execute(update(table).where(table.c[key] == one).values(seq=places[other]))


def starts(base: Database) -> list[int]:
    return base.run(
        lambda conn: list(conn.execute(select(log_batches.c.start).order_by(log_batches.c.start)).scalars())
    )


def cut_tail(conn: Connection) -> None:
    """Take the last batch away as if it had never been, with its row, its checkpoint and the head."""
    batch = conn.execute(select(log_batches).order_by(log_batches.c.start.desc()).limit(1)).one()
    conn.execute(delete(log_batches).where(log_batches.c.start == batch.start))
    conn.execute(delete(checkpoints).where(checkpoints.c.size > batch.start))
    last = conn.execute(select(attempts).order_by(attempts.c.tx.desc(), attempts.c.seq.desc()).limit(2)).all()
    conn.execute(delete(attempts).where(attempts.c.id == last[0].id))
    conn.execute(delete(handoffs).where(handoffs.c.id == last[0].handoff_id))
    place = {"attempts_tx": last[1].tx, "attempts_seq": last[1].seq, "attempts_top": last[1].seq}
    conn.execute(update(log_head).values(size=batch.start, frontier=batch.frontier, **place))
