"""What SQLite and PostgreSQL say differently: one statement, written once, in both their dialects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Executable, Table, any_, bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.dml import Insert as PostgresqlInsert
from sqlalchemy.dialects.sqlite.dml import Insert as SqliteInsert

S = TypeVar("S", bound=Executable)


class Dialect(Protocol):
    """How to say it."""

    def among(self, column: Column[Any], name: str) -> ColumnElement[bool]:
        """Whether the column is one of the values of the parameter `name`, however many there are."""

    def insert(self, table: Table) -> Any:
        """An insert that can be given what to do on conflict."""


class _Sqlite:
    def among(self, column: Column[Any], name: str) -> ColumnElement[bool]:
        return column.in_(bindparam(name, expanding=True))

    def insert(self, table: Table) -> SqliteInsert:
        return sqlite.insert(table).inline()


class _Postgresql:
    def among(self, column: Column[Any], name: str) -> ColumnElement[bool]:
        """As one array: the text of the statement, which PostgreSQL's driver keeps prepared, never changes."""
        return column == any_(bindparam(name, type_=ARRAY(column.type)))

    def insert(self, table: Table) -> PostgresqlInsert:
        return postgresql.insert(table).inline()


class Both(Generic[S]):
    """A statement in both dialects. `on` gives the one that the connection understands."""

    __slots__ = ("_statements",)

    def __init__(self, make: Callable[[Dialect], S]) -> None:
        self._statements = {"sqlite": make(_Sqlite()), "postgresql": make(_Postgresql())}

    def on(self, conn: Connection) -> S:
        """The statement for this connection."""
        return self._statements[conn.dialect.name]


def inserted_once(table: Table) -> Both[Any]:
    """An insert that leaves rows alone that are there already, whichever constraint says so."""
    return Both(lambda dialect: dialect.insert(table).on_conflict_do_nothing())


def word(text: str) -> ColumnElement[str]:
    """A constant spelled out in the statement: only so can a database see that a partial index serves it."""
    if not text.isidentifier():
        raise ValueError("only a plain word may be spelled out in a statement")
    return literal_column(f"'{text}'")
