"""The table of archives: files outside the ledger that hold the content of old reports."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant

archives = Table(
    "archives",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(255), nullable=False),  # the file's, without its folder
    Column("digest", LargeBinary(32), nullable=False),  # SHA-256 of the whole file
    Column("size", BigInteger, nullable=False),  # of the file, in bytes
    Column("reports", Integer, nullable=False),  # in the file
    Column("before", Instant, nullable=False),  # nothing had happened to any of them since
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(64), nullable=False),
)
