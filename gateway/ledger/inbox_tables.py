"""The tables of the inboxes that ministries empty themselves: what is lent out until when, and their keys."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table

from gateway.ledger.registers import metadata
from gateway.ledger.types import Id, Instant

inbox_leases = Table(
    "inbox_leases",
    metadata,
    Column("handoff_id", Id, primary_key=True),
    Column("destination", String(64), nullable=False),
    Column("worker", Id, nullable=False),  # the seat that the handoff is claimed for
    Column("attempt_id", Id),  # NULL until it is handed out
    Column("until", Instant, nullable=False),
    Index(None, "until"),
)

inbox_keys = Table(
    "inbox_keys",
    metadata,
    Column("id", String(16), primary_key=True),  # the public half of the key
    Column("destination", String(64), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
