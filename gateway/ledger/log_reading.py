"""Reads the log's own tables: batches, checkpoints, leaves."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Row, select

from gateway.ledger.tables import checkpoints, log_batches
from gateway.logbook import Batch, Entry, SignedCheckpoint
from schemas.errors import Tampered

_BATCHES_A_TIME = 16
_CHECKPOINTS_A_TIME = 1000


def batches(conn: Connection, start: int = 0) -> Iterator[Batch]:
    """The batches from the one that begins at `start` or next after it, in order."""
    query = select(log_batches).order_by(log_batches.c.start).limit(_BATCHES_A_TIME)
    found = conn.execute(query.where(log_batches.c.start >= start)).all()
    while found:
        yield from map(_batch, found)
        found = conn.execute(query.where(log_batches.c.start > found[-1].start)).all()


def batch_holding(conn: Connection, position: int) -> Batch:
    """The batch with the leaf at this position. Raises Tampered when there is none."""
    query = select(log_batches).where(log_batches.c.start <= position).order_by(log_batches.c.start.desc()).limit(1)
    row = conn.execute(query).one_or_none()
    if row is None or row.start + row.size <= position:
        raise Tampered(f"the log has no batch with position {position}; run verify")
    return _batch(row)


def log_leaves(conn: Connection, start: int, end: int) -> Iterator[bytes]:
    """The leaves from `start` (included) to `end` (not included). Raises Tampered where one is missing."""
    position = start
    while position < end:
        batch = batch_holding(conn, position)
        for _, leaf in unpacked(batch)[position - batch.start : end - batch.start]:
            yield leaf
            position += 1


def unpacked(batch: Batch) -> list[tuple[Entry, bytes]]:
    """The entries and leaves of a batch. Raises Tampered when it is damaged."""
    try:
        return batch.unpacked()
    except ValueError as error:
        raise Tampered(f"the batch at position {batch.start} of the log is damaged ({error}); run verify") from error


def stored_checkpoints(conn: Connection) -> Iterator[SignedCheckpoint]:
    """All checkpoints in order of size."""
    query = select(checkpoints).order_by(checkpoints.c.size).limit(_CHECKPOINTS_A_TIME)
    found = conn.execute(query).all()
    while found:
        yield from map(_checkpoint, found)
        found = conn.execute(query.where(checkpoints.c.size > found[-1].size)).all()


def latest_checkpoint(conn: Connection) -> SignedCheckpoint | None:
    """The checkpoint over the most records; None before the first."""
    row = conn.execute(select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)).one_or_none()
    return None if row is None else _checkpoint(row)


def _batch(row: Row[tuple[int, int, bytes, bytes, bytes]]) -> Batch:
    return Batch(row.start, row.size, row.entries, row.leaves, row.frontier)


def _checkpoint(row: Row[tuple[int, bytes, object, str]]) -> SignedCheckpoint:
    return SignedCheckpoint(row.size, row.root, row.signed_at, row.note)
