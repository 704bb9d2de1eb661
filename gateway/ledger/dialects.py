"""What SQLite and PostgreSQL say differently: one statement, written once, in both their dialects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Executable, any_, bindparam, literal_column
from sqlalchemy.dialects import postgresql

S = TypeVar("S", bound=Executable)
_ARRAYS = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects have no annotations


class Dialect(Protocol):
    """How to say it."""

    def among(self, column: Column[Any], name: str) -> ColumnElement[bool]:
        """Whether the column is one of the values of the parameter `name`, however many there are."""


class _Sqlite:
    def among(self, column: Column[Any], name: str) -> ColumnElement[bool]:
        return column.in_(bindparam(name, expanding=True))


class _Postgresql:
    def among(self, column: Column[Any], name: str) -> ColumnElement[bool]:
        """As one array: the text of the statement, which the driver keeps prepared, never changes."""
        return column == any_(bindparam(name, type_=array_of(column)))


_DIALECTS: dict[str, Dialect] = {"sqlite": _Sqlite(), "postgresql": _Postgresql()}


class Both(Generic[S]):
    """A statement in both dialects. `on` gives the one that the connection understands, made when it is first wanted.

    A process knows one database and runs a part of the statements.
    """

    __slots__ = ("_make", "_statements")

    def __init__(self, make: Callable[[Dialect], S]) -> None:
        self._make = make
        self._statements: dict[str, S] = {}

    def on(self, conn: Connection) -> S:
        """The statement for this connection."""
        name = conn.dialect.name
        statement = self._statements.get(name)
        if statement is None:
            statement = self._statements[name] = self._make(_DIALECTS[name])
        return statement


def array_of(column: Column[Any]) -> ARRAY[Any]:
    """PostgreSQL's type of many values of the column."""
    return ARRAY(column.type.dialect_impl(_ARRAYS))


def word(text: str) -> ColumnElement[str]:
    """A constant spelled out in the statement: only so can a database see that a partial index serves it."""
    if not text.isidentifier():
        raise ValueError("only a plain word may be spelled out in a statement")
    return literal_column(f"'{text}'")
