"""The tables of the journal: leaves in their final order, signed checkpoints, and how far it has come."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, SmallInteger, Table, Text

from gateway.ledger.registers import metadata
from gateway.ledger.types import Instant

log_batches = Table(  # the leaves in their final order, many a row
    "log_batches",
    metadata,
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("entries", LargeBinary, nullable=False),  # per leaf: 1 byte kind/source, 16 bytes attempt id, 8 tx, 8 seq
    Column("leaves", LargeBinary, nullable=False),  # per leaf: 32 bytes
    Column("frontier", LargeBinary, nullable=False),  # roots of the full subtrees before its first leaf, largest first
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("note", Text, nullable=False),  # C2SP tlog-checkpoint
)

log_head = Table(  # one row; its lock makes one sequencer at a time
    "log_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),  # roots of the full subtrees, largest first
    Column("attempts_tx", BigInteger, nullable=False),
    Column("attempts_seq", BigInteger, nullable=False),
    Column("results_tx", BigInteger, nullable=False),
    Column("results_seq", BigInteger, nullable=False),
    # Highest seq in the log; and what that was when the database last moved to a cluster that counts transactions anew.
    Column("attempts_top", BigInteger, nullable=False),
    Column("attempts_base", BigInteger, nullable=False),
    Column("results_top", BigInteger, nullable=False),
    Column("results_base", BigInteger, nullable=False),
)
