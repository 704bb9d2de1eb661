"""What a database's errors mean: one table for each database, and a text that says what to do."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from schemas.errors import LedgerUnavailable


@dataclass(frozen=True, slots=True)
class Fault:
    """An error that is the database's state, not the caller's mistake. `passing`: another try may go well at once."""

    advice: str
    passing: bool = False

    def error(self) -> LedgerUnavailable:
        """The error that callers of the ledger see."""
        return LedgerUnavailable(self.advice)


_LOST = Fault("the database does not answer: see that it runs and that its address is right", passing=True)
_CROWDED = Fault("the ledger's connections are all in use: try again, or allow more connections", passing=True)
_NO_TABLES = Fault("the ledger's tables are missing or old: run `sp4n-gateway migrate`")
_FULL = Fault("the disk of the ledger is full: make room; nothing was written")

_SQLITE = {  # the primary part of SQLite's result code, https://www.sqlite.org/rescode.html
    sqlite3.SQLITE_BUSY: Fault("another process keeps the ledger locked: let it end, then try again", passing=True),
    sqlite3.SQLITE_LOCKED: Fault("another process keeps the ledger locked: let it end, then try again", passing=True),
    sqlite3.SQLITE_READONLY: Fault(
        "the ledger's file is read-only: give this user the right to write it and its folder"
    ),
    sqlite3.SQLITE_PERM: Fault("the ledger's file may not be opened: give this user the right to read and write it"),
    sqlite3.SQLITE_CANTOPEN: Fault("the ledger's file cannot be opened: see that its folder exists and can be written"),
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: Fault(
        "the disk of the ledger fails to read or write: look at the system's log, mend the disk"
    ),
    sqlite3.SQLITE_NOMEM: Fault("there is no memory left for the ledger", passing=True),
    sqlite3.SQLITE_CORRUPT: Fault("the ledger's file is damaged: stop, keep a copy, restore the last backup"),
    sqlite3.SQLITE_NOTADB: Fault("the ledger's address names a file that is no SQLite database"),
}

_POSTGRESQL = {  # SQLSTATE or its class, https://www.postgresql.org/docs/current/errcodes-appendix.html
    "08": _LOST,
    "57P": _LOST,
    "57014": Fault("the database took too long over a statement", passing=True),
    "55P03": Fault("another transaction keeps rows locked", passing=True),
    "40": Fault("transactions got into each other's way", passing=True),
    "53100": _FULL,
    "53200": Fault("the database has no memory left", passing=True),
    "53300": Fault(
        "the database takes no more connections: raise max_connections or run fewer processes", passing=True
    ),
    "53": Fault("the database is short of resources", passing=True),
    "0A000": Fault("the tables were changed just now", passing=True),
    "25006": Fault("the database is read-only: connect to the primary, not to a standby"),
    "28": Fault("the database refuses this user or password: mend the ledger's address"),
    "3D000": Fault("there is no such database: create it or mend the ledger's address"),
    "42501": Fault("this user may not do that in the database: make it the owner of the ledger's tables"),
    "42P01": _NO_TABLES,
    "42703": _NO_TABLES,
    "58": Fault("the disk of the database fails: look at its log"),
    "XX001": Fault("the database is damaged: stop, keep a copy, restore the last backup"),
    "XX002": Fault("an index of the database is damaged: REINDEX, and look for the cause"),
}


def fault_of(error: BaseException) -> Fault | None:
    """The state of the database that this error tells of, or None for any other kind of error."""
    if isinstance(error, PoolTimeout):
        return _CROWDED
    if isinstance(error, OSError):  # ConnectionRefusedError and TimeoutError too
        return _LOST
    original = error.orig if isinstance(error, DBAPIError) else error
    if _hung_up(original) or (original is not None and _hung_up(original.__cause__)):
        return _LOST
    found = _sqlite_fault(original) if isinstance(original, sqlite3.Error) else _postgresql_fault(original)
    if found is None and isinstance(error, DBAPIError) and error.connection_invalidated:
        return _LOST
    return found


def _hung_up(error: BaseException | None) -> bool:
    """Whether asyncpg was asked for something on a connection that the server had ended, or was just ending.

    The first of them is raised for other mistakes too, such as a value that it cannot bind, which is a ValueError.
    """
    return isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError) and not isinstance(error, ValueError)


def _sqlite_fault(error: sqlite3.Error) -> Fault | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_ERROR and str(error).startswith(("no such table", "no such column")):
        return _NO_TABLES
    return None if code is None else _SQLITE.get(code & 0xFF)


def _postgresql_fault(error: BaseException | None) -> Fault | None:
    state = getattr(error, "sqlstate", None) or ""
    for length in (5, 3, 2):
        if len(state) >= length and (found := _POSTGRESQL.get(state[:length])):
            return found
    return None
