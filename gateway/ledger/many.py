"""Many rows in one go. SQLite repeats a small statement inside the process; PostgreSQL takes whole columns as arrays.

As arrays, hundreds of rows are one message to the server and one plan, where a statement for each row would be a
message and a plan for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    TableValuedAlias,
    bindparam,
    column,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from gateway.ledger.dialects import array_of
from gateway.ledger.prepared import Prepared

Rows = Sequence[Mapping[str, Any]]


class Inserts:
    """Inserts rows of one table; those that are there already, whichever constraint says so, are left alone."""

    def __init__(self, table: Table) -> None:
        columns = [each for each in table.c if each.server_default is None and each.autoincrement is not True]
        given = _given(columns)
        self._names = [each.name for each in columns]
        one_by_one = sqlite.insert(table).inline().on_conflict_do_nothing()
        self._one_by_one = one_by_one.execution_options(preserve_rowcount=True)
        from_arrays = postgresql.insert(table).inline().from_select(self._names, select(given))
        as_arrays = from_arrays.on_conflict_do_nothing()
        self._as_arrays = Prepared(lambda _: as_arrays)
        self._counted = Prepared(lambda _: as_arrays.returning(literal_column("1")))

    def run(self, conn: Connection, rows: Rows) -> None:
        """Insert them, in this order. A column that a row leaves out is NULL."""
        if not rows:
            return
        if conn.dialect.name == "postgresql":
            self._as_arrays.rows(conn, _columns(self._names, rows))
        else:
            conn.execute(self._one_by_one, list(rows))

    def count_new(self, conn: Connection, rows: Rows) -> int:
        """Insert them as `run` does, and say how many were not there."""
        if not rows:
            return 0
        if conn.dialect.name == "postgresql":
            return len(self._counted.rows(conn, _columns(self._names, rows)))
        return conn.execute(self._one_by_one, list(rows)).rowcount


class Changes:
    """Updates rows of one table, each with values of its own; `always` are the same for all.

    `key` tells which row, `where` which rows are changed at all; the others are left as they are.
    """

    def __init__(
        self, table: Table, *names: str, key: str = "id", where: ColumnElement[bool] | None = None, **always: Any
    ) -> None:
        columns = [table.c[name] for name in (key, *names)]
        given = _given(columns)
        self._names = [each.name for each in columns]
        change = update(table) if where is None else update(table).where(where)
        self._one_by_one = change.where(table.c[key] == bindparam(f"given_{key}")).values(
            {name: bindparam(f"given_{name}") for name in names} | always
        )
        at_once = change.where(table.c[key] == given.c[key]).values({name: given.c[name] for name in names} | always)
        self._as_arrays = Prepared(lambda _: at_once)

    def run(self, conn: Connection, rows: Rows) -> None:
        """Change them. Every row has the key and every name."""
        if not rows:
            return
        if conn.dialect.name == "postgresql":
            self._as_arrays.rows(conn, _columns(self._names, rows))
        else:
            conn.execute(self._one_by_one, [{f"given_{name}": row[name] for name in self._names} for row in rows])


def _given(columns: Sequence[Column[Any]]) -> TableValuedAlias:
    arrays = [bindparam(f"given_{each.name}", type_=array_of(each)) for each in columns]
    names = [column(each.name, each.type) for each in columns]
    return func.unnest(*arrays).table_valued(*names, name="given").render_derived()


def _columns(names: Sequence[str], rows: Rows) -> dict[str, list[Any]]:
    return {f"given_{name}": [row.get(name) for row in rows] for name in names}
