"""Attachments: those that must still be fetched, and what became of the others."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.ledger.dialects import word
from gateway.ledger.shapes import FILE
from gateway.ledger.tables import files
from gateway.ledger.values import FileRow

_WAITING = select(*FILE.columns).where(files.c.state == word("waiting")).order_by(files.c.id).limit(bindparam("most"))
_TRIED = update(files).where(files.c.id == bindparam("file")).values(tries=files.c.tries + 1)
_STORED = _TRIED.values(state="stored", stored=bindparam("name"), size=bindparam("bytes"), reason=None)
_FAILED = _TRIED.values(state=bindparam("new_state"), reason=bindparam("why"))


def waiting_files(conn: Connection, limit: int) -> list[FileRow]:
    """Attachments that are not fetched yet, oldest first."""
    return [FILE.value(row) for row in conn.execute(_WAITING, {"most": limit})]


def file_stored(conn: Connection, file_id: UUID, stored: str, size: int) -> None:
    """An attachment lies in storage, under this name."""
    conn.execute(_STORED, {"file": file_id, "name": stored, "bytes": size})


def file_failed(conn: Connection, file_id: UUID, reason: str, final: bool) -> None:
    """A try to fetch an attachment failed; the last one, if `final`."""
    conn.execute(_FAILED, {"file": file_id, "why": reason[:64], "new_state": "failed" if final else "waiting"})
