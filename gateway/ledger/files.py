"""Attachments: those that must still be fetched, what was found in the others, and which stored files are owned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import Column, Connection, Select, bindparam, func, select, update

from gateway.ledger.dialects import Both, word
from gateway.ledger.file_values import FileCount, Inspected
from gateway.ledger.shapes import FILE
from gateway.ledger.tables import files, reports
from gateway.ledger.values import FileRow

UNDECIDED = files.c.state.in_([word("withheld"), word("failed")])
"""A file that did not travel, and that nobody decided about."""

_WAITING = select(*FILE.columns).where(files.c.state == word("waiting")).order_by(files.c.id).limit(bindparam("most"))
_TRIED = update(files).where(files.c.id == bindparam("file")).values(tries=files.c.tries + 1)
_STORED = _TRIED.values(
    state="stored",
    stored=bindparam("name"),
    size=bindparam("bytes"),
    sha256=bindparam("digest"),
    media_type=bindparam("kind"),
    reason=None,
)
_FAILED = _TRIED.values(state=bindparam("new_state"), reason=bindparam("why"))
_INSPECTED = (
    update(files)
    .where(files.c.id == bindparam("file"), files.c.state == word("stored"))
    .values(state=bindparam("new_state"), reason=bindparam("withheld"))
    .values({name: bindparam(f"new_{name}") for name in ("sha256", "media_type", "scan", "found", "notes", "travels")})
)
_FORGET = update(files).where(files.c.report_id == bindparam("report")).values(sha256=None)


def _pointing(column: Column[str]) -> Both[Select[str]]:
    return Both(lambda dialect: select(column).where(dialect.among(column, "names"), column.is_not(None)))


_OWNED = (_pointing(files.c.stored), _pointing(files.c.travels))
_COUNTS = (
    select(files.c.state, files.c.reason, files.c.scan, func.count())
    .join(reports, reports.c.id == files.c.report_id)
    .where(UNDECIDED, reports.c.erased_at.is_(None))
    .group_by(files.c.state, files.c.reason, files.c.scan)
    .order_by(files.c.state, files.c.reason, files.c.scan)
)


def waiting_files(conn: Connection, limit: int) -> list[FileRow]:
    """Attachments that are not fetched yet, oldest first."""
    return [FILE.value(row) for row in conn.execute(_WAITING, {"most": limit})]


def find_file(conn: Connection, file_id: UUID) -> FileRow | None:
    """An attachment by its id."""
    row = conn.execute(select(*FILE.columns).where(files.c.id == file_id)).first()
    return FILE.value(row) if row is not None else None


def file_stored(
    conn: Connection, file_id: UUID, stored: str, size: int, sha256: str | None = None, media_type: str | None = None
) -> None:
    """An attachment lies in storage, under this name; its type is what its beginning tells."""
    values = {"file": file_id, "name": stored, "bytes": size, "digest": sha256, "kind": media_type}
    conn.execute(_STORED, values)


def file_failed(conn: Connection, file_id: UUID, reason: str, final: bool) -> None:
    """A try to fetch an attachment failed; the last one, if `final`."""
    conn.execute(_FAILED, {"file": file_id, "why": reason[:64], "new_state": "failed" if final else "waiting"})


def file_inspected(conn: Connection, file_id: UUID, found: Inspected) -> None:
    """A stored attachment was looked at. One that was withheld before stays so."""
    values = {f"new_{name}": value for name, value in asdict(found).items() if name != "withheld"}
    state = "stored" if found.withheld is None else "withheld"
    conn.execute(_INSPECTED, {"file": file_id, "new_state": state, "withheld": found.withheld, **values})


def forget_hashes(conn: Connection, report_id: UUID) -> None:
    """The report is erased: nobody may find out by its hash which file it had."""
    conn.execute(_FORGET, {"report": report_id})


def owned_names(conn: Connection, names: Sequence[str]) -> set[str]:
    """Those of these stored files that a row points at."""
    found: set[str] = set()
    for statement in _OWNED:
        found.update(conn.execute(statement.on(conn), {"names": list(names)}).scalars())
    return found


def count_undecided(conn: Connection) -> list[FileCount]:
    """How many files are withheld or could not be had, by reason, of those that nobody decided about."""
    return [FileCount(*row) for row in conn.execute(_COUNTS)]
