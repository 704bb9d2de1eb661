"""The journal: puts recorded attempts and results into the Merkle log, in the order in which they were committed.

Runs off the hot path. On PostgreSQL a row's `tx` is the number of the transaction that wrote it. Rows of transactions
older than every running one are final: no later commit can come before them, so the order by (tx, seq) never changes.
SQLite has one writer at a time and `tx` is 0; there `seq` alone is that order.

A dump restored into another PostgreSQL cluster meets transaction numbers that begin again: new rows get numbers below
the watermark. Such rows, with a `seq` above every one logged, can come from nowhere else, so they are how the move is
noticed. Then writers are locked out for one transaction, all that is not logged is logged, and the watermark begins
anew above the `seq` reached (`Reach.base`). Two things this needs: identity columns that go on counting, as a dump
restores them, and PostgreSQL's usual isolation level, READ COMMITTED, so that what is read after the lock is current.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, select, text, true, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.ledger.prepared import Prepared
from gateway.ledger.tables import attempts, checkpoints, log_batches, log_head, results
from gateway.logbook import Entry, Head, Reach, code_of, pack_entries
from gateway.merkle import Frontier, decode_frontier
from gateway.notes import InvalidNote, parse_checkpoint, text_of
from schemas.errors import Tampered

Sign = Callable[[int, bytes], str]
"""Makes the signed note of a checkpoint from size and root."""

_HEAD = 1


Picked = tuple[Entry, bytes]
"""A row about to be logged, and its leaf."""


def sequence(conn: Connection, limit: int, now: datetime, sign: Sign) -> int:
    """Log what is final and not logged yet, at most `limit` records, and sign a checkpoint. Returns how many.

    0 when there is nothing, or when another sequencer is at work. Safe to run again after a lost connection. Raises
    Tampered, and signs nothing, when the log's head is not the one of the last checkpoint.
    """
    head = None if _is_at_rest(conn) else _locked_head(conn)
    if head is None:
        return 0
    picked = _pick(conn, head, limit)
    moved = _has_moved(conn, head, picked)
    if moved:
        picked = _pick_all(conn, head)
    if not picked:
        return 0
    _require_unchanged(conn, head)
    tree = head.tree.extended(leaf for _, leaf in picked)
    _append(conn, head, tree, picked, now, sign)
    _advance(conn, head, tree, [entry for entry, _ in picked], moved=moved)
    return len(picked)


def read_head(conn: Connection) -> Head | None:
    """Where the log ends; None before its first record. Raises Tampered when that row is damaged."""
    row = conn.execute(select(log_head).where(log_head.c.id == _HEAD)).one_or_none()
    return None if row is None else _head_of(row)


def _at_rest() -> Select[Any]:
    """A row when there is nothing that `sequence` would log, not even after a move to another cluster."""
    left = []
    for table, name in ((attempts, "attempts"), (results, "results")):
        reach = tuple_(log_head.c[f"{name}_tx"], log_head.c[f"{name}_seq"])
        entering = and_(tuple_(table.c.tx, table.c.seq) > reach, table.c.seq > log_head.c[f"{name}_base"])
        left += [exists().where(entering), exists().where(table.c.seq > log_head.c[f"{name}_top"])]
    return select(log_head.c.id).where(log_head.c.id == _HEAD, *(~each for each in left))


_AT_REST = Prepared(lambda _: _at_rest())


def _is_at_rest(conn: Connection) -> bool:
    """Asked on PostgreSQL only: on SQLite nothing may be read before the write lock is taken."""
    return conn.dialect.name == "postgresql" and bool(_AT_REST.rows(conn, {}))


# ------------------------------------------------------------------------------------------------------------- the head


def _locked_head(conn: Connection) -> Head | None:
    """The head under its lock, or None when another sequencer has it."""
    if conn.dialect.name != "postgresql":
        conn.execute(_new_head(conn))  # an insert, even in vain, takes SQLite's one write lock before anything is read
        return read_head(conn)
    query = select(log_head).where(log_head.c.id == _HEAD).with_for_update(skip_locked=True)
    row = conn.execute(query).one_or_none()
    if row is None and conn.execute(select(log_head.c.id).where(log_head.c.id == _HEAD)).one_or_none() is None:
        conn.execute(_new_head(conn))
        row = conn.execute(query).one_or_none()
    return None if row is None else _head_of(row)


def _new_head(conn: Connection) -> Any:
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    empty = {column.name: 0 for column in log_head.c} | {"id": _HEAD, "frontier": b""}
    return insert(log_head).values(empty).on_conflict_do_nothing()


def _head_of(row: Any) -> Head:
    try:
        tree = decode_frontier(row.size, row.frontier)
    except ValueError as error:
        raise Tampered(f"the head of the journal was changed ({error}); run verify") from error
    return Head(
        tree,
        Reach(row.attempts_tx, row.attempts_seq, row.attempts_top, row.attempts_base),
        Reach(row.results_tx, row.results_seq, row.results_top, row.results_base),
    )


def _require_unchanged(conn: Connection, head: Head) -> None:
    """Never sign a tree that does not continue the one signed before (c2sp.org/tlog-checkpoint)."""
    note = conn.execute(select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)).scalar_one_or_none()
    try:
        last = parse_checkpoint(text_of(note)) if note is not None else None
    except InvalidNote as error:
        raise Tampered(f"the last checkpoint of the journal was changed ({error}); run verify") from error
    signed = (last.size, last.root) if last else (0, Frontier().root())
    if signed != (head.tree.size, head.tree.root()):
        raise Tampered("the head of the journal is not the one of its last checkpoint; run verify")


# ------------------------------------------------------------------------------------------------- what is to be logged


def _pick(conn: Connection, head: Head, limit: int) -> list[Picked]:
    """The next records in the order of their commit; attempts before results of the same transaction."""
    final_below = _final_below(conn)
    found = [
        *_rows(conn, attempts, _unlogged(attempts, head.attempts, final_below), limit),
        *_rows(conn, results, _unlogged(results, head.results, final_below), limit),
    ]
    return sorted(found, key=_order)[:limit]


def _final_below(conn: Connection) -> int | None:
    """The oldest transaction that may still run; rows of older ones are final. None: all rows are (SQLite)."""
    if conn.dialect.name != "postgresql":
        return None
    oldest: int = conn.execute(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")).scalar_one()
    return oldest


def _unlogged(table: Table, reach: Reach, final_below: int | None = None) -> ColumnElement[bool]:
    later = and_(tuple_(table.c.tx, table.c.seq) > (reach.tx, reach.seq), table.c.seq > reach.base)
    return later if final_below is None else and_(later, table.c.tx < final_below)


def _rows(conn: Connection, table: Table, condition: ColumnElement[bool], limit: int | None) -> list[Picked]:
    is_result = table is results
    ident = table.c.attempt_id if is_result else table.c.id
    source = [table.c.source] if is_result else []
    query = select(table.c.tx, table.c.seq, ident, table.c.leaf, *source).where(condition)
    query = query.order_by(table.c.tx, table.c.seq).limit(limit)
    return [
        (Entry(code_of(row[4] if is_result else None), row[2].bytes, row.tx, row.seq), row.leaf)
        for row in conn.execute(query)
    ]


def _order(picked: Picked) -> tuple[int, bool, int]:
    entry = picked[0]
    return entry.tx, bool(entry.code), entry.seq


# -------------------------------------------------------------------------------------------- a move to another cluster


def _has_moved(conn: Connection, head: Head, picked: Sequence[Picked]) -> bool:
    """Whether there are rows that only a cluster with new transaction numbers can have written.

    Looks no further than to the highest `seq` about to be logged: a row beyond it can still be noticed the next time.
    """
    if conn.dialect.name != "postgresql":
        return False
    for table, reach in ((attempts, head.attempts), (results, head.results)):
        seqs = [entry.seq for entry, _ in picked if bool(entry.code) is (table is results)]
        if picked and not seqs:
            continue
        strayed = and_(_strayed(table, reach), table.c.seq <= max(seqs) if seqs else true())
        if conn.execute(select(table.c.seq).where(strayed).limit(1)).one_or_none() is not None:
            return True
    return False


def _strayed(table: Table, reach: Reach) -> ColumnElement[bool]:
    return and_(table.c.seq > reach.top, tuple_(table.c.tx, table.c.seq) <= (reach.tx, reach.seq))


def _pick_all(conn: Connection, head: Head) -> list[Picked]:
    """Everything that is not logged: what was restored first, then what the new cluster wrote. Locks out writers."""
    conn.execute(text("LOCK TABLE attempts, results IN SHARE ROW EXCLUSIVE MODE"))
    restored: list[Picked] = []
    written: list[Picked] = []
    for table, reach in ((attempts, head.attempts), (results, head.results)):
        restored += _rows(conn, table, _unlogged(table, reach), None)
        written += _rows(conn, table, _strayed(table, reach), None)
    return sorted(restored, key=_order) + sorted(written, key=_order)


# -------------------------------------------------------------------------------------------------------------- writing


def _append(conn: Connection, head: Head, tree: Frontier, picked: Sequence[Picked], now: datetime, sign: Sign) -> None:
    root = tree.root()
    conn.execute(
        log_batches.insert().values(
            start=head.tree.size,
            size=len(picked),
            entries=pack_entries(entry for entry, _ in picked),
            leaves=b"".join(leaf for _, leaf in picked),
            frontier=head.tree.encoded(),
        )
    )
    conn.execute(checkpoints.insert().values(size=tree.size, root=root, signed_at=now, note=sign(tree.size, root)))


def _advance(conn: Connection, head: Head, tree: Frontier, entries: Sequence[Entry], *, moved: bool) -> None:
    values = {"size": tree.size, "frontier": tree.encoded()}
    for name, reach, is_result in (("attempts", head.attempts, False), ("results", head.results, True)):
        logged = [entry for entry in entries if bool(entry.code) is is_result]
        top = max([reach.top, *(entry.seq for entry in logged)])
        last = (logged[-1].tx, logged[-1].seq) if logged else (reach.tx, reach.seq)
        tx, seq = (0, 0) if moved else last
        base = top if moved else reach.base
        values |= {f"{name}_tx": tx, f"{name}_seq": seq, f"{name}_top": top, f"{name}_base": base}
    conn.execute(update(log_head).where(log_head.c.id == _HEAD).values(values))
