"""The inserts that intake shares: handoffs, files, parked rows and keys, each once however often it is run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from gateway.ledger import tables
from gateway.ledger.many import Inserts
from gateway.ledger.shapes import FILE, KEY, PARKED
from gateway.ledger.values import FileRow, KeyRow, NewHandoff, ParkedRow
from gateway.lifecycle import LEDGER_RESTORED
from schemas.handoff import HandoffKind, HandoffState
from schemas.ids import moment_of

KEYS = Inserts(tables.report_keys)
FILES = Inserts(tables.files)
HANDOFFS = Inserts(tables.handoffs)
PARKED_ROWS = Inserts(tables.parked)
_RESTORED_AT = select(func.max(tables.restorations.c.at))


def insert_keys(conn: Connection, keys: Iterable[KeyRow]) -> None:
    """Keep wrapped keys."""
    KEYS.run(conn, [KEY.parameters(key) for key in keys])


def insert_files(conn: Connection, files: Iterable[FileRow]) -> None:
    """Keep attachments."""
    FILES.run(conn, [FILE.parameters(file) for file in files])


def insert_parked(conn: Connection, parked: Iterable[ParkedRow]) -> None:
    """Set aside what is no handoff yet."""
    PARKED_ROWS.run(conn, [PARKED.parameters(row) for row in parked])


def insert_late_handoffs(conn: Connection, handoffs: list[dict[str, Any]]) -> None:
    """Make handoffs of reports that were taken in earlier.

    Of one from before the ledger was put back nobody knows any more whether it was handed off in the time that was
    lost, and a new handoff has new keys: it waits, uncertain, for a person.
    """
    if any(row["kind"] == HandoffKind.REPORT for row in handoffs):
        restored_at = conn.execute(_RESTORED_AT).scalar_one()
        handoffs = [_doubted(row) if _is_older(row, restored_at) else row for row in handoffs]
    insert_handoffs(conn, handoffs)


def insert_handoffs(conn: Connection, handoffs: list[dict[str, Any]]) -> None:
    """Make handoffs, each as `handoff_parameters` gives it."""
    HANDOFFS.run(conn, handoffs)


def handoff_parameters(
    new: NewHandoff, report_id: UUID, channel: str, first_sequence: int, last_sequence: int
) -> dict[str, Any]:
    """The row of a handoff that nobody has tried yet."""
    return {
        "id": new.id,
        "report_id": report_id,
        "channel": channel,
        "destination": new.destination,
        "kind": new.kind.value,
        "first_sequence": first_sequence,
        "last_sequence": last_sequence,
        "parameters": new.parameters,
        "state": HandoffState.PENDING.value,
        "progress": {},
        "released": False,
        "tries": 0,
        "step_tries": 0,
        "due_at": new.due_at,
        "rung_at": new.rung_at,
        "priority": new.priority,
        "clock_from": new.created_at,
        "created_at": new.created_at,
        "updated_at": new.created_at,
    }


def routed(destinations: Iterable[str]) -> str:
    """Who is owed a message, as its row says it."""
    return ",".join(sorted(destinations))


def _is_older(row: dict[str, Any], restored_at: datetime | None) -> bool:
    is_report = row["kind"] == HandoffKind.REPORT
    return is_report and restored_at is not None and moment_of(row["report_id"]) < restored_at


def _doubted(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"state": HandoffState.UNCERTAIN.value, "reason": LEDGER_RESTORED, "due_at": None, "rung_at": None}
