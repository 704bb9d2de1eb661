"""Ledgers that were put back from a backup; which programs these tables bear; the era of each worker's breaker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A program that does not know the columns goes on as before: it has no doubts, and its breaker no era."""
    op.add_column("handoffs", sa.Column("restored", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "restorations",
        sa.Column("id", Id, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("last_moment", Instant),
        sa.Column("log_size", sa.BigInteger, nullable=False),
    )
    op.add_column("gates", sa.Column("era", sa.BigInteger))
    floor = op.create_table("schema_floor", sa.Column("revision", sa.String(8), primary_key=True))
    op.bulk_insert(floor, [{"revision": revision}])
