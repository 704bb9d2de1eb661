"""Each error of a database is the state that it tells of, or somebody's mistake and not ours to hide."""

from __future__ import annotations

import sqlite3

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway.ledger.faults import fault_of
from schemas.errors import LedgerUnavailable


def of_sqlite(code: int, text: str = "no") -> OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return OperationalError("INSERT", {}, error)


def of_postgresql(state: str) -> DBAPIError:
    error = Exception("no")
    error.sqlstate = state  # type: ignore[attr-defined]
    return DBAPIError("INSERT", {}, error)


def of_asyncpg(cause: Exception) -> DBAPIError:
    """What SQLAlchemy makes of an error that the driver raised by itself."""
    error = Exception("no")
    error.__cause__ = cause
    return DBAPIError("INSERT", {}, error)


@pytest.mark.parametrize(
    ("error", "words", "passing"),
    [
        (of_sqlite(sqlite3.SQLITE_FULL), "full", False),
        (of_sqlite(sqlite3.SQLITE_READONLY_DIRECTORY), "read-only", False),
        (of_sqlite(sqlite3.SQLITE_BUSY), "locked", True),
        (of_sqlite(sqlite3.SQLITE_IOERR_FSYNC), "disk", False),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), "folder", False),
        (of_sqlite(sqlite3.SQLITE_ERROR, "no such table: reports"), "migrate", False),
        (of_postgresql("08006"), "does not answer", True),
        (of_postgresql("57P01"), "does not answer", True),
        (of_postgresql("57P03"), "does not answer", True),
        (of_postgresql("53100"), "full", False),
        (of_postgresql("53300"), "max_connections", True),
        (of_postgresql("53400"), "short of", True),
        (of_postgresql("40P01"), "each other's way", True),
        (of_postgresql("40001"), "each other's way", True),
        (of_postgresql("25006"), "read-only", False),
        (of_postgresql("28P01"), "password", False),
        (of_postgresql("3D000"), "no such database", False),
        (of_postgresql("42P01"), "migrate", False),
        (PoolTimeout("no"), "connections", True),
        (ConnectionRefusedError(), "does not answer", True),
        (TimeoutError(), "does not answer", True),
        (asyncpg.InterfaceError("the connection is closed"), "does not answer", True),
        (asyncpg.InternalClientError("cannot switch to state 12"), "does not answer", True),
        (of_asyncpg(asyncpg.InternalClientError("cannot switch to state 12")), "does not answer", True),
    ],
)
def test_the_state_of_the_database_is_told_with_what_to_do(error: Exception, words: str, passing: bool) -> None:
    fault = fault_of(error)

    assert fault is not None
    assert words in fault.advice
    assert fault.passing is passing
    assert isinstance(fault.error(), LedgerUnavailable)
    assert fault.error().detail == fault.advice


@pytest.mark.parametrize(
    "error",
    [
        of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        of_sqlite(sqlite3.SQLITE_ERROR, "syntax error"),
        of_postgresql("23505"),
        of_postgresql("42601"),
        of_postgresql("22021"),
        IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")),
        ValueError("a naive time"),
        asyncpg.DataError("invalid input for query argument $1"),
        of_asyncpg(asyncpg.DataError("invalid input for query argument $1")),
        ZeroDivisionError(),
    ],
)
def test_a_mistake_stays_what_it_is(error: Exception) -> None:
    assert fault_of(error) is None


def test_a_connection_that_broke_without_saying_why_does_not_answer() -> None:
    error = DBAPIError("INSERT", {}, Exception("connection was closed"), connection_invalidated=True)

    fault = fault_of(error)

    assert fault is not None
    assert fault.passing
