"""Reads attempts and results back as the records they were, even where somebody tampered with their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, Text, select, type_coerce
from sqlalchemy.exc import DBAPIError

from gateway.ledger.tables import attempts, results
from gateway.logbook import Entry, RecordKind
from gateway.records import attempt_record, result_record
from gateway.stored import Recorded
from schemas.base import Json

UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError)
"""What comes of reading a column that somebody filled with nonsense."""
_ATTEMPT = ("id", "handoff_id", "report_id", "destination", "step", "number", "started_at", "worker", "request")
_RESULT = (
    "attempt_id", "source", "ended_at", "outcome", "reason", "status", "actor", "response", "sealed_excerpt",
)  # fmt: skip
_PLACE = ("seq", "tx", "leaf")


def records_at(conn: Connection, kind: RecordKind, seqs: Sequence[int]) -> dict[int, Recorded | None]:
    """The rows at these numbers, as far as there are any; None for one that cannot be read as what it should be."""
    if not seqs:
        return {}
    wanted = set(seqs)
    table = _table(kind)
    low, high = min(wanted), max(wanted)
    dense = high - low < 4 * len(wanted)
    query = _query(kind).where(table.c.seq.between(low, high) if dense else table.c.seq.in_(wanted))
    try:
        rows = fetched(conn, query)
    except UNREADABLE:
        return _halved(conn, kind, seqs)
    return {row.seq: _recorded(kind, row) for row in rows if row.seq in wanted}


def record_of(conn: Connection, entry: Entry) -> Recorded | None:
    """The row of an entry by its id, wherever it stands; None when there is none, or it cannot be read."""
    if entry.kind is RecordKind.ATTEMPT:
        return _first(conn, entry.kind, attempts.c.id == entry.attempt_id)
    return _first(conn, entry.kind, (results.c.attempt_id == entry.attempt_id) & (results.c.source == entry.source))


def fetched(conn: Connection, query: Select[Any]) -> Sequence[Row[Any]]:
    """All rows of a query. Raises one of UNREADABLE when a value in them is not what its column should hold."""
    try:
        return conn.execute(query).all()
    except DBAPIError as error:
        if "decode" not in str(error.orig):
            raise
        raise ValueError("a text is no UTF-8") from error  # only SQLite lets such a text in


def reference_in(receipt: str | None) -> str | None:
    """The destination's reference in a receipt as it is stored."""
    try:
        value = orjson.loads(receipt) if receipt else None
    except (orjson.JSONDecodeError, TypeError):
        return None
    reference = value.get("reference") if isinstance(value, dict) else None
    return reference if isinstance(reference, str) else None


def raw_receipt() -> ColumnElement[str]:
    """The receipt's text as it is stored."""
    return type_coerce(results.c.receipt, Text).label("receipt")


def _table(kind: RecordKind) -> Any:
    return attempts if kind is RecordKind.ATTEMPT else results


def _query(kind: RecordKind) -> Select[Any]:
    table = _table(kind)
    columns = [table.c[name] for name in (*_PLACE, *(_ATTEMPT if table is attempts else _RESULT))]
    return select(*columns, *([raw_receipt()] if table is results else []))


def _halved(conn: Connection, kind: RecordKind, seqs: Sequence[int]) -> dict[int, Recorded | None]:
    """Something among these cannot be read: find out what."""
    if len(seqs) == 1:
        return {seqs[0]: None}
    middle = len(seqs) // 2
    return records_at(conn, kind, seqs[:middle]) | records_at(conn, kind, seqs[middle:])


def _first(conn: Connection, kind: RecordKind, condition: ColumnElement[bool]) -> Recorded | None:
    try:
        rows = fetched(conn, _query(kind).where(condition).limit(1))
    except UNREADABLE:
        return None
    return _recorded(kind, rows[0]) if rows else None


def _recorded(kind: RecordKind, row: Any) -> Recorded | None:
    try:
        if kind is RecordKind.ATTEMPT:
            ident, source = row.id, None
            record = attempt_record(**{name: getattr(row, name) for name in _ATTEMPT})
        else:
            ident, source = row.attempt_id, row.source
            columns: dict[str, Any] = {name: getattr(row, name) for name in _RESULT}
            record = result_record(**columns, receipt=_receipt(row.receipt))
    except UNREADABLE:
        return None
    if not isinstance(ident, UUID) or not isinstance(row.tx, int):
        return None
    return Recorded(kind, row.seq, row.tx, ident, source, record, row.leaf)


def _receipt(text: str | None) -> Json:
    """A receipt's value. Raises ValueError when the text is not the one that the ledger writes for that value."""
    if text is None:
        return None
    value = orjson.loads(text)
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() != text:
        raise ValueError("the receipt was not written by the ledger")
    return value
