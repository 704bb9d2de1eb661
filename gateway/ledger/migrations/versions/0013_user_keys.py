"""The API keys of people: what they may do in the console, their own programs may do by the API."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.ledger.types import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "user_keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("user_name", sa.String(64), sa.ForeignKey("users.name"), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
    )
    op.create_index(op.f("ix_user_keys_user_name"), "user_keys", ["user_name"])
