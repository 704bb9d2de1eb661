"""What was reported as not delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Id, Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "non_deliveries",
        sa.Column("handoff_id", Id, primary_key=True),
        sa.Column("cause", sa.String(64), primary_key=True),
        sa.Column("reported_at", Instant, nullable=False),
    )
