"""The shapes of destinations' replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Instant, JsonText

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "reply_shapes",
        sa.Column("destination", sa.String(64), primary_key=True),
        sa.Column("step", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("learned", JsonText, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
    )
