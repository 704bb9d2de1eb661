"""People whom a sign-in provider knows, and its answers that were taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "user_subjects",
        sa.Column("issuer", sa.String(255), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        sa.Column("user_name", sa.String(64), sa.ForeignKey("users.name"), nullable=False, unique=True),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "sign_in_returns",
        sa.Column("state", sa.LargeBinary(16), primary_key=True),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index(op.f("ix_sign_in_returns_at"), "sign_in_returns", ["at"])
