"""Keeps what people decide about files that do not travel by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.actions import note_each
from gateway.ledger.additions import add_messages
from gateway.ledger.file_values import UndecidedFile
from gateway.ledger.files import UNDECIDED
from gateway.ledger.shapes import FILE
from gateway.ledger.tables import files, reports
from gateway.ledger.values import Kept, NewMessage
from schemas.errors import Conflict

_OPEN = ("withheld", "failed")
_UNDECIDED = (
    select(*FILE.columns, reports.c.tracking_code, reports.c.channel)
    .join(reports, reports.c.id == files.c.report_id)
    .where(UNDECIDED, reports.c.erased_at.is_(None))
    .order_by(files.c.id)
)
_DECIDE = (
    update(files).where(files.c.id == bindparam("file"), files.c.state.in_(_OPEN)).values(state=bindparam("new_state"))
)


@dataclass(frozen=True, slots=True)
class FileRelease:
    """The message in which a file goes after all, and who says so."""

    file_id: UUID
    message: NewMessage
    actor: str
    why: str


def list_undecided(conn: Connection, after: UUID | None = None, limit: int = 50) -> list[UndecidedFile]:
    """The files that are withheld or could not be had, and that nobody decided about, oldest first.

    `after` is the last id before.
    """
    query = _UNDECIDED.limit(limit) if after is None else _UNDECIDED.where(files.c.id > after).limit(limit)
    return [UndecidedFile(FILE.value(row[:-2]), row[-2], row[-1]) for row in conn.execute(query)]


def let_go(conn: Connection, item: FileRelease) -> Kept:
    """Let a file go in a message of its own. Raises Conflict when it was decided before, NotFound as `add_messages`."""
    now = item.message.message.received_at
    _decide(conn, item.file_id, "released")
    [kept] = add_messages(conn, [item.message])
    note_each(conn, [item.file_id], "file.release", item.actor, now, report=str(kept.report_id), why=item.why)
    return kept


def keep_back(conn: Connection, file_id: UUID, actor: str, why: str, now: datetime) -> None:
    """A file stays where it is for good. Raises Conflict when it was decided before."""
    _decide(conn, file_id, "kept")
    note_each(conn, [file_id], "file.keep", actor, now, why=why)


def _decide(conn: Connection, file_id: UUID, state: str) -> None:
    if conn.execute(_DECIDE, {"file": file_id, "new_state": state}).rowcount == 0:
        detail = "nothing is to be decided about this file: it travels, or somebody decided before"
        raise Conflict(detail, cause="decided_meanwhile")
