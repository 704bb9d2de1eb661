"""What officers decided about reports, kept to learn from: sealed under each report's key, gone with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from gateway.ledger.actions import note
from gateway.ledger.shapes import EXAMPLE, KEY
from gateway.ledger.tables import examples, report_keys
from gateway.ledger.values import ActionRow, ExampleRow, KeyRow
from schemas.ids import new_id

EXPORT = "export_examples"


@dataclass(frozen=True, slots=True)
class Kept:
    """One example and the key that it lies under."""

    row: ExampleRow
    key: KeyRow


def keep_example(conn: Connection, example: ExampleRow | None) -> None:
    """Keep what was decided, if it is to be kept."""
    if example is not None:
        conn.execute(insert(examples), EXAMPLE.parameters(example))


def drop_newest_example(conn: Connection, report_id: UUID) -> None:
    """What was decided last about a report was taken back: nothing is to be learned from it."""
    newest = select(examples.c.id).where(examples.c.report_id == report_id).order_by(examples.c.id.desc()).limit(1)
    conn.execute(delete(examples).where(examples.c.id == newest.scalar_subquery(), examples.c.decided != "corrected"))


def list_examples(conn: Connection, *, after: UUID | None = None, limit: int = 500) -> list[Kept]:
    """Examples whose report is not erased, oldest first; `after` is the last id of the page before."""
    query = (
        select(*EXAMPLE.columns, *KEY.columns)
        .join(report_keys, report_keys.c.subject_id == examples.c.report_id)
        .where(report_keys.c.wrapped.is_not(None), report_keys.c.archive.is_(None))
        .order_by(examples.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(examples.c.id > after)
    width = len(EXAMPLE.columns)
    return [Kept(EXAMPLE.value(row[:width]), KEY.value(row[width:])) for row in conn.execute(query)]


def note_export(conn: Connection, actor: str, reason: str, now: datetime) -> None:
    """Record that somebody takes the examples' texts out, and why, before anything is opened."""
    note(conn, ActionRow(new_id(now), now, actor, EXPORT, "examples", {"reason": reason}))


def forget_examples(conn: Connection, report_ids: Iterable[UUID]) -> None:
    """Nothing is to be learned from these any more."""
    for report_id in report_ids:
        conn.execute(delete(examples).where(examples.c.report_id == report_id))
