"""Statements of the hot path, which PostgreSQL's driver runs by itself: text and types are worked out only once.

SQLAlchemy writes the text and reads and binds the values, as everywhere; what is left out is its machinery around each
execution, which costs three times what the driver does (docs/decisions/0018).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.util import await_only

from gateway.ledger.dialects import Both, Dialect

Process = Callable[[Any], Any]
Rows = Sequence[Sequence[Any]]


class Prepared:
    """A statement in both dialects. Its rows are plain sequences, without names."""

    __slots__ = ("_both", "_plan")

    def __init__(self, make: Callable[[Dialect], Any]) -> None:
        self._both: Both[Any] = Both(make)
        self._plan: _Plan | None = None

    def rows(self, conn: Connection, values: Mapping[str, Any]) -> Rows:
        """Run it; every parameter without a value of its own in the statement must be among `values`."""
        if conn.dialect.name != "postgresql":
            found = conn.execute(self._both.on(conn), values)
            return found.all() if found.returns_rows else ()
        if self._plan is None:
            self._plan = _Plan(self._both.on(conn), conn)
        return self._plan.run(conn, values)


class _Plan:
    """How the driver is to run a statement."""

    def __init__(self, statement: Any, conn: Connection) -> None:
        dialect = conn.dialect
        compiled: Any = statement.compile(dialect=dialect)
        if compiled.post_compile_params:
            raise ValueError("a statement whose text depends on its values cannot be prepared")
        self._text: str = compiled.string
        self._binds = [(name, _binds(compiled.binds[name], dialect)) for name in compiled.positiontup]
        names = compiled.bind_names.items()
        self._fixed = {name: bind.effective_value for bind, name in names if not bind.required}
        columns = statement.exported_columns if _returns(statement) else ()
        readers = [_reads(column, dialect) for column in columns]
        self._readers = [(place, read) for place, read in enumerate(readers) if read is not None]

    def run(self, conn: Connection, values: Mapping[str, Any]) -> Rows:
        given = [self._value(name, bind, values) for name, bind in self._binds]
        driver: Any = conn.connection.driver_connection
        found: Rows = await_only(driver.fetch(self._text, *given))
        return [self._read(row) for row in found] if self._readers else found

    def _value(self, name: str, bind: Process | None, values: Mapping[str, Any]) -> Any:
        value = values[name] if name in values else self._fixed[name]
        return value if bind is None else bind(value)

    def _read(self, row: Sequence[Any]) -> list[Any]:
        read = list(row)
        for place, reader in self._readers:
            read[place] = reader(read[place])
        return read


def _returns(statement: Executable) -> bool:
    return bool(getattr(statement, "exported_columns", None))


def _binds(bind: Any, dialect: Any) -> Process | None:
    process: Process | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return process


def _reads(column: Any, dialect: Any) -> Process | None:
    process: Process | None = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return process
