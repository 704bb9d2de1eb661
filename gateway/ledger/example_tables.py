"""The table of what officers decided about reports, where an installation keeps that to learn from."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant

examples = Table(  # gone with the report's key
    "examples",
    metadata,
    Column("id", Id, primary_key=True),
    Column("report_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("decided", String(16), nullable=False),  # corrected | released | rejected
    Column("sealed", LargeBinary, nullable=False),  # text and labels, encrypted under the report's key
    Index(None, "report_id"),
)
