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
        self._table = table
        self._columns = [each for each in table.c if each.server_default is None and each.autoincrement is not True]
        self.names = [each.name for each in self._columns]
        one_by_one = sqlite.insert(table).inline().on_conflict_do_nothing()
        self._one_by_one = one_by_one.execution_options(preserve_rowcount=True)
        self._as_arrays = Prepared(lambda _: self.as_arrays("given"))
        self._counted = Prepared(lambda _: self.as_arrays("given").returning(literal_column("1")))

    def as_arrays(self, prefix: str) -> Any:
        """PostgreSQL's statement, whose parameters have this prefix."""
        from_arrays = postgresql.insert(self._table).inline()
        from_arrays = from_arrays.from_select(self.names, select(_given(self._columns, prefix)))
        return from_arrays.on_conflict_do_nothing()

    def run(self, conn: Connection, rows: Rows) -> None:
        """Insert them, in this order. A column that a row leaves out is NULL."""
        if not rows:
            return
        if conn.dialect.name == "postgresql":
            self._as_arrays.rows(conn, _values("given", self.names, rows))
        else:
            conn.execute(self._one_by_one, list(rows))

    def count_new(self, conn: Connection, rows: Rows) -> int:
        """Insert them as `run` does, and say how many were not there."""
        if not rows:
            return 0
        if conn.dialect.name == "postgresql":
            return len(self._counted.rows(conn, _values("given", self.names, rows)))
        return conn.execute(self._one_by_one, list(rows)).rowcount


class Changes:
    """Updates rows of one table, each with values of its own; `always` are the same for all.

    `key` tells which row, `where` which rows are changed at all; the others are left as they are.
    """

    def __init__(
        self, table: Table, *names: str, key: str = "id", where: ColumnElement[bool] | None = None, **always: Any
    ) -> None:
        self._key, self._changed, self._always = table.c[key], names, always
        self._columns = [table.c[name] for name in (key, *names)]
        self.names = [each.name for each in self._columns]
        self._change = update(table) if where is None else update(table).where(where)
        self._one_by_one = self._change.where(self._key == bindparam(f"given_{key}")).values(
            {name: bindparam(f"given_{name}") for name in names} | always
        )
        self._as_arrays = Prepared(lambda _: self.as_arrays("given"))

    def as_arrays(self, prefix: str) -> Any:
        """PostgreSQL's statement, whose parameters have this prefix."""
        given = _given(self._columns, prefix)
        values = {name: given.c[name] for name in self._changed} | self._always
        return self._change.where(self._key == given.c[self._key.name]).values(values)

    def run(self, conn: Connection, rows: Rows) -> None:
        """Change them. Every row has the key and every name."""
        if not rows:
            return
        if conn.dialect.name == "postgresql":
            self._as_arrays.rows(conn, _values("given", self.names, rows))
        else:
            conn.execute(self._one_by_one, [{f"given_{name}": row[name] for name in self.names} for row in rows])


class Together:
    """Inserts and changes of several tables, none of which sees what another writes.

    On PostgreSQL they are one statement, with one answer to wait for (docs/decisions/0024).
    """

    def __init__(self, *parts: Inserts | Changes) -> None:
        self._parts = parts
        self._at_once: dict[tuple[int, ...], Prepared] = {}

    def run(self, conn: Connection, *rows: Rows) -> None:
        """Write them: for each part its rows, of which there may be none."""
        filled = tuple(place for place, some in enumerate(rows) if some)
        if len(filled) < 2 or conn.dialect.name != "postgresql":
            for place in filled:
                self._parts[place].run(conn, rows[place])
            return
        values = [_values(f"part{place}", self._parts[place].names, rows[place]) for place in filled]
        self._statement(filled).rows(conn, {name: value for some in values for name, value in some.items()})

    def _statement(self, filled: tuple[int, ...]) -> Prepared:
        """The statement of those parts that have rows: few combinations ever come up."""
        if filled not in self._at_once:
            written = [self._parts[place].as_arrays(f"part{place}").cte(f"part{place}") for place in filled]
            self._at_once[filled] = Prepared(lambda _: select(literal_column("1")).add_cte(*written))
        return self._at_once[filled]


def _given(columns: Sequence[Column[Any]], prefix: str) -> TableValuedAlias:
    arrays = [bindparam(f"{prefix}_{each.name}", type_=array_of(each)) for each in columns]
    names = [column(each.name, each.type) for each in columns]
    return func.unnest(*arrays).table_valued(*names, name=prefix).render_derived()


def _values(prefix: str, names: Sequence[str], rows: Rows) -> dict[str, list[Any]]:
    return {f"{prefix}_{name}": [row.get(name) for row in rows] for name in names}
