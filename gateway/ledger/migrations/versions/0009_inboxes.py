"""Inboxes: what is lent to the ministries that fetch their cases themselves, and their keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "inbox_leases",
        sa.Column("handoff_id", Id, primary_key=True),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("worker", Id, nullable=False),
        sa.Column("attempt_id", Id),
        sa.Column("until", Instant, nullable=False),
    )
    op.create_index(op.f("ix_inbox_leases_until"), "inbox_leases", ["until"])
    op.create_table(
        "inbox_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
    )
