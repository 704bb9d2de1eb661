"""The table of what was reported as not delivered: once for each handoff and cause."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant

non_deliveries = Table(
    "non_deliveries",
    metadata,
    Column("handoff_id", Id, primary_key=True),
    Column("cause", String(64), primary_key=True),  # the handoff's reason then
    Column("reported_at", Instant, nullable=False),
)
